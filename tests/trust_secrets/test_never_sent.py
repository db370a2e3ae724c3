"""Files that are never sent: a word of theirs is in nothing that the model is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from architect_review.change.change import Change, Remark, Thread
from architect_review.change.diff import parse
from architect_review.change.never_sent import REASON, NeverSent
from architect_review.errors import ModelError, SettingsError
from architect_review.evidence.lookups import Look
from architect_review.prompt.request import ModelRequest
from architect_review.prompt.unsent import told
from architect_review.request.settings import Settings
from architect_review.review.merging import MERGED
from architect_review.review.reply import Reply, Usage
from architect_review.signals import Signals
from architect_review.signals.signal import Evidence, Signal, Weight
from architect_review.vocabulary import Category
from e2e.in_memory import Pull
from e2e.scene import a_finding, an_answer

WORD = "kingfisher"
OPEN = "heron"
CONFIG = ".github/architect-review.yml"
STRIPE = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc4eC39HqL"
BASE = {
    CONFIG: "never-send: ['secret/**']\n",
    "shop/a.py": f"from secret.rates import rate\n\n\ndef {OPEN}(x):\n    return x\n",
    "secret/rates.py": f"def {WORD}_rate(x):\n    return x\n",
    "secret/models.py": f"class Secret:\n    {WORD} = 1\n",
    "CLAUDE.md": "Be kind.\n",
    "secret/old.py": f"{WORD} = 'moved'\n" * 9,
}
HEAD = {
    **BASE,
    "shop/a.py": str(BASE["shop/a.py"]).replace(f"{OPEN}(x)", f"{OPEN}(x, y)"),
    "secret/rates.py": f"def {WORD}_rate(x, y):\n    return x + {WORD}(y)\n",
    "secret/migrations/0002_drop.py": "from alembic import op\n\n\ndef upgrade():\n"
    f"    op.drop_column('orders', '{WORD}')\n",
    "secret/keys.py": f"{WORD.upper()} = '{STRIPE}'\n",
    "secret/.github/workflows/x.yml": f"# {WORD}\n",
}
LOOKS: Sequence[tuple[str, Mapping[str, Any]]] = (
    ("read_file", {"path": "secret/rates.py", "side": "after"}),
    ("read_file", {"path": "secret/rates.py", "side": "before"}),
    ("read_file", {"path": "./secret/rates.py"}),
    ("search", {"pattern": "fisher"}),
    ("search", {"pattern": "(?i)KING", "glob": "secret/**", "side": "before"}),
    ("definition", {"symbol": "Secret"}),
    ("references", {"symbol": "rate"}),
)


@dataclass
class Watched(Pull):
    """A pull request whose reviewer writes down all that it is told, and looks."""

    told: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)

    def review(
        self, requests: Sequence[ModelRequest[Any]], look: Look
    ) -> Sequence[Reply[Any]]:
        self.told += map(repr, requests)
        self.looked += [look(name, given).text for name, given in LOOKS]
        if requests and requests[0].expected is MERGED:
            unanswered = ModelError("unavailable", "not now")
            return [Reply((), None, unanswered, Usage(), "m")]
        return super().review(requests, look)

    def read(self, sha: str, paths: Any) -> Mapping[str, str]:
        """Policy files are those of the base."""
        listed = list(paths)
        if CONFIG in listed:
            return {path: self.base[path] for path in listed if path in self.base}
        return super().read(sha, listed)

    @property
    def everything(self) -> str:
        return "\n".join((*self.told, *self.looked)).lower()


def pull(**details: Any) -> Watched:
    found = Watched(
        base=BASE,
        answer=lambda part: an_answer(
            a_finding(path="shop/a.py", quote=f"def {OPEN}(x, y):", line=4),
            # It guesses what it cannot see.
            a_finding(path="secret/rates.py", quote=f"{WORD}(y)", line=2),
        ),
        **details,
    )
    found.push(HEAD)
    return found


@pytest.mark.parametrize("depth", ["quick", "standard", "deep"])
def test_a_review_sends_the_names_of_the_files_and_nothing_else(depth: str) -> None:
    at = pull()

    report = at.run(depth=depth, min_severity="low")

    assert OPEN in at.everything
    assert WORD not in at.everything
    assert "secret/rates.py" in at.everything
    files = {each.path: each for each in report.files}
    assert files["secret/rates.py"].reason == REASON
    assert files["secret/rates.py"].how.value == "left out"
    assert report.status.value == "reviewed", report.why


def test_code_finds_signals_and_secrets_in_them_all_the_same() -> None:
    at = pull()

    report = at.run(min_severity="low")

    facts = {each.name for each in report.signals}
    assert any("column" in name or "migration" in name for name in facts), facts
    stripe = next(each for each in report.findings if each.path == "secret/keys.py")
    assert (stripe.fate.value, stripe.start_line) == ("inline", 1)
    assert any("secret/migrations/0002_drop.py" in each for each in at.told)


def test_a_claim_about_them_is_withheld() -> None:
    at = pull()

    report = at.run(min_severity="low")

    guessed = [each for each in report.findings if each.path == "secret/rates.py"]
    assert {each.reason for each in guessed} == {
        f"secret/rates.py was not read: {REASON}"
    }


def test_look_ups_are_refused_with_the_reason() -> None:
    at = pull()

    at.run()

    reads = at.looked[:3]
    assert all(REASON in each for each in reads)
    assert REASON in at.looked[3]


def test_what_was_said_at_them_is_not_sent_either() -> None:
    at = pull()
    remark = Remark("5", f"Look, {WORD}!", "ada", False)
    at.threads.append(Thread("secret/rates.py", 1, False, (remark,), "T5"))

    at.run()
    at.push({**HEAD, "shop/b.py": "x = 1\n"})
    at.run()

    assert WORD not in at.everything


def test_what_code_found_in_them_is_put_together_without_their_lines() -> None:
    other = "You review.\n"
    config = f"{BASE[CONFIG]}agents: [{{paths: ['shop/b.py'], agent: .github/b.md}}]\n"
    at = pull()
    at.base = {**BASE, CONFIG: config, ".github/b.md": other}
    at.push({**at.base, **HEAD, "shop/b.py": f"{OPEN} = 1\n", CONFIG: config})

    at.run()

    merging = next(each for each in at.told if "merging.Merged" in each)
    assert "secret/keys.py" in merging
    assert WORD not in at.everything


def test_an_input_adds_and_takes_nothing_away() -> None:
    at = pull()

    at.run(never_send="shop/**")

    assert WORD not in at.everything
    assert OPEN not in at.everything


def test_a_file_that_leaves_the_folder_stays_what_it_was() -> None:
    at = pull()
    diff = (
        "diff --git a/secret/old.py b/open.py\nsimilarity index 90%\n"
        "rename from secret/old.py\nrename to open.py\n"
    )
    never = NeverSent.of(("secret/**",), change_of(at, diff))

    assert "open.py" in never
    assert "secret/old.py" in never
    assert "other.py" not in never


def change_of(at: Pull, text: str) -> Change:
    return replace(at.fetch(()), diff=parse(text))


def test_facts_that_may_quote_a_file_say_where_and_no_more() -> None:
    evidence = (
        Evidence("secret/x.py", f"drops {WORD}", WORD, 3, 3),
        Evidence("a.py", f"is the same as `secret/x.py:3` ({WORD})", WORD, 1, 1),
        Evidence("b.py", "stays", "stays", 1, 1),
    )
    signal = Signal("s", "means", Weight.MAJOR, Category.DATABASE, evidence)

    found = told(Signals((signal,)), NeverSent(("secret/**",)))

    assert [each.fact for each in found.found[0].evidence] == [REASON, REASON, "stays"]
    assert found.found[0].evidence[0].start == 3
    assert WORD not in repr(found)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("secret/", "secret/a/b.py"),
        ("./secret/**", "secret/b.py"),
        ("/secret/*", "secret/b.py"),
        ("*.pem", "deep/down/x.pem"),
        ("config/**/prod.py", "config/prod.py"),
        ("config/**/prod.py", "config/a/b/prod.py"),
        ("hidden", "hidden/z.py"),
        ("hidden", "a/hidden/b/z.py"),
        ("hidden/", "a/hidden/z.py"),
        ("/hidden/", "hidden/z.py"),
        ("a/hidden", "a/hidden/b/z.py"),
        ("**/hidden", "a/hidden/b/z.py"),
        ("hid*", "a/hidden/b/z.py"),
        ("././hidden/**", "hidden/z.py"),
        ("//hidden/**", "hidden/z.py"),
        ("*.PEM", "a/x.pem"),
        ("*.pem", "a/X.PEM"),
        ("Hidden/**", "hidden/z.py"),
        ("[A-C].py", "b.py"),
        ("\u00fc/**", "u\u0308/z.py"),
        ("u\u0308/**", "\u00fc/z.py"),
        ("?.pem", "u\u0308.pem"),
        ("STRASSE/*", "stra\u00dfe/z.py"),
        ("app/[id]/**", "app/[id]/page.tsx"),
        ("app/[id]/**", "app/i/page.tsx"),
        ("[^a].pem", "b.pem"),
    ],
)
def test_globs_are_read_as_people_mean_them(written: str, path: str) -> None:
    settings = Settings.of({"never-send": written})

    assert path in NeverSent(settings.never_send)
    assert "secretary.py" not in NeverSent(settings.never_send)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("hidden", "a/hidden.py"),
        ("hidden/**", "a/hidden/z.py"),
        ("a/hidden", "b/a/hidden/z.py"),
        ("hid*", "a/b/z.hid"),
        ("a*.py", "app/main.py"),
        ("[^a].pem", "a.pem"),
    ],
)
def test_what_a_glob_does_not_name_is_sent(written: str, path: str) -> None:
    assert path not in NeverSent(Settings.of({"never-send": written}).never_send)


def test_a_path_that_takes_long_to_compare_is_not_sent() -> None:
    marks = "a" + "\u0301\u0323" * 200_000
    never = NeverSent(("hidden",))

    assert marks in never
    assert "a" * 400_000 not in never
    assert marks not in NeverSent()


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("*.{key,pem}", "braces"),
        ("*.}", "braces"),
        ("!public/**", "`!`"),
        ("a//b", "`//`"),
        ("a/../b", "`..`"),
        ("../b", "`..`"),
        ("a/./b", "`.`"),
        ("a\\b", "backslash"),
        ("a/**/" * 6 + "b", "more than 5 times"),
        ("a" * 1_001, "longer than 1,000"),
        ("/", "empty"),
    ],
)
@pytest.mark.parametrize("is_file", [True, False])
def test_what_would_match_nothing_is_refused_with_the_reason(
    written: str, why: str, is_file: bool
) -> None:
    file = {"never-send": [written]} if is_file else {}
    inputs = {} if is_file else {"never-send": f"a/**, {written}"}

    with pytest.raises(SettingsError, match="never-send") as refused:
        Settings.of(inputs, file)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ignore", ["docs/**", "*.{md,rst}"]),
        ("audit-paths", ["*.{md,rst}"]),
        ("instructions", [{"paths": ["*.{md,rst}"], "text": "Heed."}]),
        ("danger-zones", [{"paths": ["*.{md,rst}"], "reason": "Danger."}]),
        ("agents", [{"paths": ["*.{md,rst}"], "agent": "a.md"}]),
    ],
)
def test_no_setting_takes_a_glob_that_would_match_nothing(
    name: str, value: object
) -> None:
    with pytest.raises(SettingsError, match="braces"):
        Settings.of({}, {name: value})


def test_a_folder_with_its_slash_is_all_that_is_in_it_for_every_setting() -> None:
    settings = Settings.of(
        {"ignore": "./docs/, *.md", "audit-paths": "., ./, app/, x.py"},
        {"instructions": [{"paths": "/lib/", "text": "Heed."}]},
    )

    assert settings.ignore == ("docs/**", "*.md")
    assert settings.instructions[0].paths == ("lib/**",)
    assert settings.audit_paths == (".", "./", "app/", "x.py")


@pytest.mark.parametrize("file", [["a/**"], "a/**"])
def test_both_places_count(file: object) -> None:
    settings = Settings.of({"never-send": "b/**, c"}, {"never-send": file})

    assert settings.never_send == ("a/**", "b/**", "c")


@pytest.mark.parametrize("file", [["./"], 5, [3]])
def test_what_is_no_glob_is_refused(file: object) -> None:
    with pytest.raises(SettingsError, match="never-send"):
        Settings.of({"never-send": "b"}, {"never-send": file})
