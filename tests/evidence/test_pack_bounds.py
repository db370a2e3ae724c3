"""Whatever a change holds, the pack stays within its bounds and never fails."""

import json
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from architect_review.change.mentions import WORDS_LIMIT
from architect_review.evidence.budget import CHANGE_BYTES, FILE_BYTES
from architect_review.evidence.names import is_telling
from architect_review.evidence.outline import outline
from architect_review.evidence.pack import Pack, gather
from architect_review.evidence.symbols import NAMES_LIMIT, changed
from evidence.packing import Files, excerpts, pack_of, the_change

LINES = st.sampled_from(
    [
        *("class Store(Base):", "    def fetch_all(self, key=1):", "@cached", "  x"),
        *("        return self._rows[LIMIT_ALL]", "LIMIT_ALL = 5", "", "# note", "\t}"),
        *("        with self._lock:", "        self._rows = settings.ROW_LIMIT"),
        *(
            "def load_all(a, *, b=2):",
            "v = 1\rw = 2\r",
            "    load_all(LIMIT_ALL, b=3)",
            "async def x():",
        ),
        *('    """Say', '    """', "DB_HOST: web", "from a import (", "    load_all,"),
        *(
            "op.add_column('rows', x)",
            "    id = models.IntegerField()",
            "é\u202e\ud800",
        ),
        *(
            "function loadAll(a) {",
            "if True:",
            "    pass",
            "else:",
            "x = [",
            "]",
            "\x00",
        ),
    ]
)
TEXTS = st.lists(LINES, max_size=25).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)
PATHS = st.sampled_from(
    [
        *("a.py", "app/b.py", "app/models.py", "app/migrations/0001_a.py", "web/c.ts"),
        *("d.yml", "tests/test_a.py", "docs/e.md", "f.sql"),
    ]
)
TREES = st.dictionaries(PATHS, TEXTS, max_size=5)

BLOCKS = st.sampled_from(
    [
        "def load_all(a, *, b=2):\n    return a\n",
        "class Store(Base):\n    def fetch_all(self, key=1):\n        return key\n",
        "class Disk(Base):\n    def fetch_all(self, key=1):\n        self._n = key\n",
        "LIMIT_ALL = 5\n",
        "def use(x):\n    x.fetch_all(LIMIT_ALL)\n    return load_all(x)\n",
        "class Row(models.Model):\n    size_of = models.IntegerField(null=True)\n",
        'op.add_column("row", Column("size_of"))\n',
        "class Pool:\n    def stop_all(self):\n        with self._lock:\n"
        "            self._free.clear()\n    def give(self, x):\n"
        "        with self._lock:\n            self._free.append(x)\n",
        "\n".join(f"    step_{at}()" for at in range(12)) + "\n",
        "services:\n  web:\n    DB_HOST: a\n",
        "x = [\n  1,\n]\n",
        '"""Say.\n\nmore"""\n',
    ]
)
BLOCK_TEXTS = st.lists(BLOCKS, min_size=1, max_size=9).map("".join)


@st.composite
def edits(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str]]:
    """A repository, and the same with lines of some files exchanged."""
    before = draw(st.dictionaries(PATHS, BLOCK_TEXTS, min_size=2, max_size=6))
    after = dict(before)
    for path in draw(st.sets(st.sampled_from(sorted(before)), min_size=1, max_size=3)):
        lines = after[path].split("\n")
        for _ in range(draw(st.integers(1, 3))):
            at = draw(st.integers(0, len(lines) - 1))
            change = draw(st.sampled_from(["drop", "add", "=", "(", "word"]))
            if change == "drop":
                lines[at : at + 2] = []
                lines = lines or [""]
            elif change == "add":
                lines.insert(at, draw(LINES))
            elif change == "word":
                lines[at] += " + load_all(LIMIT_ALL)"
            else:
                lines[at] = lines[at].replace(change, f"{change}7, ")
        after[path] = "\n".join(lines).rstrip("\n") + "\n"
    return before, after


def check(pack: Pack) -> None:
    """What holds of every pack."""
    sizes = {
        path: sum(len(text.encode()) for text in texts)
        for path, texts in pack.of.items()
    }
    assert sum(sizes.values()) <= CHANGE_BYTES
    assert all(0 < size <= FILE_BYTES for size in sizes.values())
    every = [text for texts in pack.of.values() for text in texts]
    assert len(every) == len(set(every))
    for text in every:
        each = json.loads(text)
        assert set(each) == {"why", "at", "side", "lines"}
        assert "\n" not in each["why"]


@settings(max_examples=100, deadline=None)
@given(st.one_of(edits(), st.tuples(TREES, TREES)))
def test_any_change_gives_a_pack_within_its_bounds(
    trees: tuple[dict[str, str], dict[str, str]],
) -> None:
    before, after = trees
    change = the_change(before, after)
    pack = pack_of(before, after)

    check(pack)
    assert pack == gather(change, dict(reversed(after.items())), Files(after))
    hunks = {
        (file.path, line.new)
        for file in change.diff.files
        for line in file.lines
        if line.new
    }
    seen: set[tuple[str, int]] = set()
    for each in excerpts(pack):
        path = each["at"].rpartition(":")[0]
        for row in each["lines"]:
            if row[:5].strip().isdecimal():
                at = (path, int(row[:5]))
                assert at not in hunks
                assert at not in seen
                line = after[path].split("\n")[at[1] - 1].encode("utf-8", "replace")
                assert line.decode().startswith(row[6:20])
                seen.add(at)


@settings(max_examples=60, deadline=None)
@given(edits(), TREES)
def test_texts_that_do_not_fit_the_diff_are_a_note(
    trees: tuple[dict[str, str], dict[str, str]], other: dict[str, str]
) -> None:
    pack = gather(the_change(*trees), trees[0] | other, Files(trees[1] | other))

    check(pack)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PATHS, st.one_of(TEXTS, st.text()))
def test_any_text_has_an_outline_whose_parts_are_in_the_file(
    path: str, text: str
) -> None:
    found = outline(path, text)

    for at, each in enumerate(found.definitions):
        assert 1 <= each.start <= each.line <= each.end <= len(found.lines)
        assert each.parent is None or 0 <= each.parent < at
        assert found.around(each.line)[-1].line == each.line
    for number in range(1, len(found.lines) + 1):
        assert all(held < number for held in found.holders(number))


def test_lines_that_only_python_would_end_are_not_counted() -> None:
    text = "a = 1\rb = 2\r\rdef f_all(): pass\r\n\x0cclass C:\r\n    x_y = 1\r\n"

    check(pack_of({"a.py": text}, {"a.py": text + "def g_all(): f_all(a)\r\n"}))
    assert not outline("a.py", text).is_parsed
    assert outline("a.py", text.replace("\r", "\n")).is_parsed


def test_a_large_change_has_at_most_as_many_names_as_one_search_takes() -> None:
    before = {
        f"m{at}.py": f"def load_{at}(a): ...\nMAX_{at} = 1\n" for at in range(200)
    }
    after = {path: text.replace("= 1", "= 2") for path, text in before.items()}
    after = {path: text.replace("(a)", "(b)") for path, text in after.items()}
    change = the_change(before, after)

    symbols = changed(
        change.diff.files,
        {path: outline(path, text) for path, text in before.items()},
        {path: outline(path, text) for path, text in after.items()},
    )

    assert len({each.name for each in symbols}) == NAMES_LIMIT <= WORDS_LIMIT
    assert all(each.name.startswith("MAX_") for each in symbols)
    assert all(is_telling(each.name) for each in symbols)


def test_thousands_of_mentions_and_large_files_stay_within_bounds_and_time() -> None:
    use = "".join(f"def f_{at}():\n    load_all({at})\n" for at in range(5_000))
    rest = {"app/use.py": use, "app/long.py": "load_all(" + "1," * 400_000 + ")\n"}
    long = "x = 1;" * 30_000 + "\n"
    before = {"app/a.py": "def load_all(a):\n    return a\n" + long} | rest
    after = {"app/a.py": "def load_all(a, b):\n    return a\n" + long} | rest
    start = time.perf_counter()

    pack = pack_of(before, after)

    check(pack)
    assert time.perf_counter() - start < 30
    assert 1 < len(pack.of["app/a.py"]) < 12


def test_deep_and_endless_shapes_take_bounded_time() -> None:
    stairs = "".join(" " * at + f"def f_{at}():\n" for at in range(3_000))
    flat = "    key_of_it: 1\n" * 20_000
    start = time.perf_counter()

    for path in ("a.py", "a.yml", "a.js"):
        for text in (stairs, flat, "(" * 5_000, "x" * 900_000, "elif x:\n" * 20_000):
            after = (
                text[: len(text) // 2] + "\nchanged_it: 2\n" + text[len(text) // 2 :]
            )
            check(pack_of({path: text + "\n"}, {path: after + "\n"}))

    assert time.perf_counter() - start < 60
