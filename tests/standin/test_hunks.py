"""The stand-in's reading of patches agrees with the files they were made from."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standin.github.history import History
from standin.github.hunks import excerpt, hunks, locate, position
from standin.repository import Repository, Submodule, Symlink

_LINES = st.lists(
    st.sampled_from(
        ["a", "b", "", "-x", "+y", "@@ -1 +1 @@", "\\ z", "\r", "\x0c\u2028"]
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(before=_LINES, after=_LINES, ends=st.booleans())
def test_every_addressable_line_is_the_line_of_that_number(
    before: list[str], after: list[str], ends: bool
) -> None:
    texts = {
        side: "\n".join(lines) + ("\n" if ends and lines else "")
        for side, lines in (("LEFT", before), ("RIGHT", after))
    }
    with TemporaryDirectory() as folder:
        repository = Repository(Path(folder))
        base = repository.commit({"f": texts["LEFT"]})
        head = repository.commit({"f": texts["RIGHT"]}, parent=base)
        changes = History(repository.git_dir).changes(base, head)

    for change in changes:
        for hunk in hunks(change.patch or ""):
            for side, rows in hunk.sides.items():
                for line, row in rows.items():
                    assert hunk.rows[row][1:] == texts[side].split("\n")[line - 1]
        added = sum(row.startswith("+") for row in _rows(change.patch))
        assert (change.additions, change.old_path) == (added, None)


def test_positions_and_excerpts_are_githubs() -> None:
    patch = "@@ -1,2 +1,2 @@\n-a\n+b\n c\n@@ -9 +9,2 @@ def f\n x\n+y"

    assert [position(patch, "RIGHT", line) for line in (1, 2, 9, 10)] == [2, 3, 5, 6]
    assert position(patch, "LEFT", 1) == 1
    assert excerpt(patch, "RIGHT", 9) == "@@ -9 +9,2 @@ def f\n x"
    assert locate(patch, "RIGHT", 3) is None


def test_odd_changes_have_githubs_status_and_mostly_no_patch(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    base = repository.commit(
        {
            "a typed.py": "x\n",
            "lib": Submodule("1" * 40),
            'q"uo\tte é.py': "".join(f"{number}\n" for number in range(9)),
            "z.bin": b"\0one",
        }
    )
    head = repository.commit(
        {
            "a typed.py": Symlink("z.bin"),
            "lib": Submodule("2" * 40),
            'q"uo\tte é.py': None,
            "moved é.py": "".join(f"{number}\n" for number in range(10)),
            "z.bin": b"\0two",
            "zz.py": "last\n",
        },
        parent=base,
    )

    changes = History(repository.git_dir).changes(base, head)

    assert [(each.path, each.status, each.patch is None) for each in changes] == [
        ("a typed.py", "changed", True),
        ("lib", "modified", False),
        ("moved é.py", "renamed", False),
        ("z.bin", "modified", True),
        ("zz.py", "added", False),
    ]
    assert changes[2].old_path == 'q"uo\tte é.py'
    assert changes[-1].patch == "@@ -0,0 +1 @@\n+last"


def test_what_is_not_a_patch_is_refused() -> None:
    with pytest.raises(ValueError, match="not a line"):
        hunks("diff --git a/a b/a")


def _rows(patch: str | None) -> list[str]:
    return [row for hunk in hunks(patch or "") for row in hunk.rows]
