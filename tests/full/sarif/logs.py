"""Write SARIF logs of every kind into a folder, for a validator that is not ours."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from architect_review.audit_report.report import AuditReport  # noqa: E402
from architect_review.audit_report.sarif import sarif  # noqa: E402
from architect_review.vocabulary import Status, Verdict  # noqa: E402
from audit_report.sample import HOSTILE, a_finding, a_report, many, unasked  # noqa: E402

LOGS = {
    "sample": a_report(),
    "hostile": a_report(
        findings=tuple(
            a_finding(number, path=path, title=f"{HOSTILE} [a](b) {{0}}", start_line=0)
            for number, path in enumerate(
                ["a b#c?.py", "ä:ö/%41.py", "../x", "/etc/passwd", "", "a\\b"], 1
            )
        )
    ),
    "many": many(),
    "empty": unasked(),
    "failed": AuditReport(status=Status.FAILED, why="a reason", verdict=Verdict.NONE),
}

if __name__ == "__main__":
    for name, report in LOGS.items():
        path = Path(sys.argv[1]) / f"{name}.sarif"
        path.write_text(json.dumps(sarif(report), indent=1), encoding="utf-8")
