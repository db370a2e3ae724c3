"""Valid objects for tests, each with one detail that matters."""

from collections.abc import Iterable
from typing import Any

from architect_review.change.change import Change, Conversation, Remark
from architect_review.change.diff import Diff, parse
from architect_review.prompt.answer import RawFinding
from architect_review.prompt.coverage import FileCoverage
from architect_review.review.candidates import Claim, candidates
from architect_review.review.inquiry import Inquiry
from architect_review.review.reply import Reply
from architect_review.vocabulary import Severity

HEAD = "1" * 40
BASE = "2" * 40

DIFF = """\
diff --git a/app/pool.py b/app/pool.py
index 1111111..2222222 100644
--- a/app/pool.py
+++ b/app/pool.py
@@ -10,7 +10,8 @@ class Pool:
     def close(self):
         self.closed = True
-        for worker in self.workers:
-            worker.join()
+        for worker in list(self.workers):
+            worker.stop()
+            worker.join(timeout=5)
         return self.closed

     def open(self):
@@ -40,3 +41,4 @@ class Pool:
     def size(self):
         count = len(self.workers)
+        log.info("size %s", count)
         return count
diff --git a/old.py b/old.py
deleted file mode 100644
index 3333333..0000000
--- a/old.py
+++ /dev/null
@@ -1,2 +0,0 @@
-def forgotten():
-    return "forgotten"
"""


def a_diff(text: str = DIFF) -> Diff:
    """A small diff: one file with two hunks, one deleted file."""
    return parse(text)


def a_finding(**details: Any) -> RawFinding:
    """A claimed problem on the line `worker.stop()`."""
    values: dict[str, Any] = {
        "path": "app/pool.py",
        "quote": "            worker.stop()",
        "line": 13,
        "absent": "",
        "title": "A stopped worker is joined",
        "problem": "The worker is stopped before it is joined.",
        "scenario": "With two workers the second join never returns.",
        "recommendation": "Join first.",
        "suggestion": "",
        "example": "",
        "category": "error-handling",
        "severity": "high",
        "confidence": "high",
    }
    return RawFinding.model_validate({**values, **details})


def a_remark(body: str, **details: Any) -> Remark:
    """A comment of ours."""
    values: dict[str, Any] = {
        "id": "1",
        "body": body,
        "author": "github-actions",
        "is_ours": True,
    }
    return Remark(**{**values, **details})


def a_change(**details: Any) -> Change:
    """An open pull request with the small diff."""
    values: dict[str, Any] = {
        "repository": "o/r",
        "number": 7,
        "title": "Stop workers before joining them",
        "description": "",
        "author": "mona",
        "base_ref": "main",
        "base_sha": BASE,
        "head_ref": "topic",
        "head_sha": HEAD,
        "diff": a_diff(),
        "web_url": "https://github.com/o/r",
        "conversation": Conversation(),
    }
    return Change(**{**values, **details})


def an_inquiry(
    *replies: Reply[Any], change: Change, coverage: Iterable[FileCoverage]
) -> Inquiry:
    """What these replies leave to be judged, unchecked."""
    claims = [
        Claim(raw, each.agent)
        for each in replies
        if each.answer
        for raw in each.answer.findings
    ]
    found = candidates(claims, change.diff, coverage, Severity.MEDIUM)
    return Inquiry(replies, candidates=found)
