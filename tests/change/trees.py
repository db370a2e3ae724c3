"""Pairs of trees for property tests, committed and compared by real git."""

from pathlib import Path

from hypothesis import strategies as st

from standin.repository import git

Tree = dict[str, str]

PATHS = (
    "plain.py",
    "folder/with space.md",
    "folder/é.txt",
    'quote"d',
    "tab\tin",
    "back\\slash",
    "x b/y",
    "a/b/a",
    "-dash",
    "new\nline",
    "\u2028.txt",
)

LINES = (
    "",
    "one",
    "two",
    "three",
    " indented",
    "-- a",
    "--- a/plain.py",
    "++ b",
    "+++ b/plain.py",
    "diff --git a/plain.py b/plain.py",
    "@@ -1 +1 @@",
    "\\ No newline at end of file",
    "rename from x",
    "carriage\r",
    "\r",
    "form\ffeed",
    "line\u2028separator",
    "next\x85line",
    "vertical\x0btab",
)

DIFF = (
    *("-c", "core.quotePath=true", "diff", "-M", "--no-ext-diff", "--no-textconv"),
    *("--no-color", "--full-index", "--src-prefix=a/", "--dst-prefix=b/", "-U3"),
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A file of a few lines, with a line feed at its end or without."""
    lines = draw(st.lists(st.sampled_from(LINES), max_size=30))
    return "\n".join(lines) + draw(st.sampled_from(["\n", ""]))


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """The text after a few insertions, removals and replacements of lines."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines)))
        new = draw(st.lists(st.sampled_from(LINES), max_size=2))
        lines[at : at + draw(st.integers(0, 2))] = new
    return "\n".join(lines)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Tree, Tree]:
    """A tree, and what became of it: kept, edited, moved, deleted and new files."""
    before = draw(st.dictionaries(st.sampled_from(PATHS), texts(), max_size=4))
    after = draw(st.dictionaries(st.sampled_from(PATHS), texts(), max_size=1))
    for path, text in before.items():
        if draw(st.integers(0, 4)):
            moves = draw(st.booleans()) and draw(st.booleans())
            target = draw(st.sampled_from(PATHS)) if moves else path
            after[target] = draw(edited(text))
    return before, after


def commit(git_dir: Path, *trees: Tree) -> list[str]:
    """Commit each tree, without parents, in one run of git; their SHAs."""
    script = b""
    for mark, tree in enumerate(trees, 1):
        script += (
            f"commit refs/heads/tree{mark}\nmark :{mark}\n"
            "committer a <a@example.com> 0 +0000\ndata 0\ndeleteall\n"
        ).encode()
        for path, text in tree.items():
            data = text.encode()
            script += f"M 100644 inline {_quoted(path)}\ndata {len(data)}\n".encode()
            script += data + b"\n"
    refs = [f"refs/heads/tree{mark}" for mark in range(1, len(trees) + 1)]
    git(git_dir, "fast-import", "--quiet", "--force", stdin=script)
    return git(git_dir, "rev-parse", *refs).decode().split()


def compare(git_dir: Path, old: str, new: str, *options: str) -> str:
    """What `git diff` says, with the options that the program itself uses."""
    return git(git_dir, *DIFF, *options, old, new).decode()


def counts(git_dir: Path, old: str, new: str) -> dict[str, tuple[int, int]]:
    """Added and deleted lines by path, as `git diff --numstat -z` counts them."""
    fields = iter(
        git(git_dir, *DIFF[:-1], "--numstat", "-z", old, new).decode().split("\0")
    )
    found: dict[str, tuple[int, int]] = {}
    for field in fields:
        if field:
            added, deleted, path = field.split("\t", 2)
            if not path:  # a rename: the old and the new path follow
                next(fields)
                path = next(fields)
            found[path] = (int(added), int(deleted))
    return found


def _quoted(path: str) -> str:
    plain = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{plain}"'
