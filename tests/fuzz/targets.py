"""Every reader of a text that strangers write."""

import json

from hypothesis import strategies as st

from architect_review.adapters.bundle import files as bundle
from architect_review.audit import keeping, memory, remembering
from architect_review.audit.results import ComponentReview
from architect_review.errors import ArchitectError, DiffError, SettingsError
from architect_review.request import agents, configfile
from architect_review.request.audits import Share
from architect_review.review import ledger
from architect_review.review.markers import finding_marker, lead_marker
from architect_review.review.packed import deflated
from architect_review.signals import reading
from architect_review.signals.ownership import owned
from architect_review.vocabulary import Severity
from builders import DIFF
from fuzz import grammar, handed
from fuzz.answers import ANSWERS
from fuzz.readers import (
    NAMES,
    a_bundle,
    a_case,
    a_diff,
    a_ledger,
    agent,
    attributes,
    audit,
    baseline,
    comment,
    data_file,
    entry,
    event,
    kept,
    record,
    retry_after,
    row,
)
from fuzz.samples import ADR, AUDITED, BUNDLE, CASE, CASE_TEXT, ENTRY, LEDGER
from fuzz.target import Target
from oracles import webhooks

_STORED = {
    "ledger": AUDITED.model_dump(mode="json"),
    "faint": {
        "steps": [1, 2],
        "prints": "1" * 16 + "2" * 16,
        "severities": "hl",
        "dismissed": [3],
        "paths": ["a"],
        "at": [0, 0],
        "proofs": "ab,",
    },
}
"""What an audit's marker holds."""
_HUNK_WORDS = ("diff --git ", "@@ -1,1 +1,1 @@", "--- a/", "+++ b/", "\\ No newline")
_FIELDS = ("name", "description", "model", "tools", "effort")
_MARKED = LEDGER.encoded()

TARGETS = (
    Target("diff", a_diff, (DiffError,), (DIFF,), grammar.DIFFS, _HUNK_WORDS),
    Target("patch", row, (), (DIFF.partition("+++ b/app/pool.py\n")[2],),
           grammar.DIFFS, _HUNK_WORDS),
    Target(
        "event",
        event,
        (),
        tuple(
            json.dumps(webhooks.examples(name)[0])
            for name in webhooks.events()
            if webhooks.examples(name)
        ),
        grammar.jsons(webhooks.examples("issue_comment")[0]),
        ('"body":', '"type":"Bot"', '"number":', '"/architect review"', '"created"'),
    ),
    Target("configuration", lambda text: configfile.read_file(text, "c.yml"),
           (SettingsError,),
           ("max-comments: 3\nfail-on: [error, major]\nignore:\n  - docs/*\n",
            "project-lead: '@ada'\nagents: [a.md]\nweights: {size: off}\n"),
           grammar.yaml(NAMES), NAMES),
    Target("agent", agent, (ArchitectError,),
           tuple(path.read_text("utf-8") for path in agents.shipped().values()),
           grammar.frontmatter(_FIELDS), ("---\n", "model: ", "description: |\n")),
    Target("decision record", record, (), (ADR,),
           grammar.frontmatter(("status", "applies_to", "title", "superseded_by")),
           ("## Status\n", "Applies to: ", "applies_to:")),
    Target("comment", comment, (),
           ("/architect review full\n", "> /architect approve 1234567\n\nBy design.\n",
            "<details>\n\n/architect dismiss F2 as designed: it is\n\n</details>"),
           grammar.COMMENTS, ("/architect ", "F3", "Q1", "<del>", "<!--", "* ")),
    Target("ledger", a_ledger, (),
           (_MARKED, finding_marker("0" * 16, 3, Severity.HIGH), lead_marker(("a",))),
           grammar.markers(f"{ledger.MARKER} v1", LEDGER.model_dump(mode="json")),
           (ledger.MARKER, " v1 ", " -->")),
    Target("audit marker", audit, (), (remembering.encode(AUDITED),),
           grammar.markers(memory.marker_of("o/r").strip(), _STORED),
           (memory.MARKER, " -->")),
    Target("ledger inside",
           lambda text: a_ledger(f"{ledger.MARKER} v1 {deflated(text)} -->"), (),
           (LEDGER.model_dump_json(),),
           grammar.jsons(LEDGER.model_dump(mode="json")),
           ('"number":', '"alike":', '"proof":[', '"event":', "99999")),
    Target("audit inside",
           lambda text: audit(f"{memory.marker_of('o/r')}{deflated(text)} -->"), (),
           (json.dumps(_STORED), json.dumps(_STORED | {"faint": {}})),
           grammar.jsons(_STORED),
           ('"steps":[', '"at":[', '"dismissed":[3]', "99999", "-1,")),
    Target("baseline", baseline, (SettingsError,), (memory.to_json(AUDITED),),
           grammar.jsons({"version": 1, **AUDITED.model_dump(mode="json")}),
           ('"findings":', '"number":', '"scope":', '"version": 1')),
    Target("kept work", kept, (),
           (keeping.review_text(ComponentReview("k", "n")),
            "1\n" + ANSWERS[-1].samples[0]),
           ANSWERS[-1].texts.map("1\n{}".format), ('"findings":', '"key":"k"')),
    *ANSWERS,
    Target("batch result", entry, (), (json.dumps(ENTRY),), grammar.jsons(ENTRY),
           ('"type":', '"errored"', '"usage":', "null", '"stop_reason":')),
    Target("retry-after", retry_after, (),
           ("3", "0.5", "Mon, 23 Nov 2026 08:00:00 GMT", "1500"),
           st.text("0123456789., :+-GMTJanFebMonUTC", max_size=40),
           ("99999", "GMT", "-0000", "Feb", "31")),
    Target("bundle", a_bundle, (), tuple(BUNDLE.values()),
           grammar.jsons(json.loads(BUNDLE[bundle.MANIFEST])),
           ('"format": 1', '"state": "complete"', '"reads":', '"snapshots":')),
    Target("handover", handed.a_handover, (), tuple(handed.HANDOVER.values()),
           grammar.jsons(handed.BINDING), ('"format": 1', '"run": "99"', '"head":')),
    Target("answers between jobs", handed.answers, (ArchitectError,),
           (json.dumps(handed.ANSWERS),), grammar.jsons(handed.ANSWERS),
           ('"replies":', '"cost_usd": NaN', '"failure": null')),
    Target("case", a_case, (SettingsError,), (CASE_TEXT, CASE.model_dump_json()),
           grammar.jsons(CASE.model_dump(mode="json")),
           ('"golden":', '"id":', '"tier": "A"')),
    Target("code owners", lambda text: owned("CODEOWNERS", text),
           (reading.UnreadableError,), ("* @a\n/src/ @b/c # why\n",),
           grammar.PATTERNS, ("@a", " #", "[x]")),
    Target("git attributes", attributes, (),
           ('*.py linguist-generated\n"a b/*" -linguist-vendored\n',),
           grammar.PATTERNS, (" linguist-generated", "[[", "[!a-", "**/")),
    Target("data file", data_file, (reading.UnreadableError,),
           ("a: &x [1, 2]\nb: {<<: *x}\n", '[a]\nb = "c"\n', '{"a": [1]}',
            "import a.b\n"),
           grammar.yaml(("on", "jobs", "services")), ("<<: *x", "[[a]]", "import ")),
    Target("share", Share.parse, (SettingsError,), ("3/12",),
           st.from_regex(r"\d{1,6}/\d{1,6}"), ("/",)),
)  # fmt: skip
"""Every reader."""
