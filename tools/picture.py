"""Draw the README's picture: a review as the program writes it, rendered.

Plays the tests' pull request between their two servers, takes what was posted, renders
it as GitHub Flavored Markdown and lets a headless Chromium draw it. The model's words
are those of this file. `python tools/picture.py [CHROMIUM]` writes docs/review.png.
"""

import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from e2e.scene import KEY, TOKEN, Scene, a_finding, an_answer  # noqa: E402
from oracles.markdown import html  # noqa: E402
from standin.github import GitHub  # noqa: E402
from standin.model import Model  # noqa: E402
from standin.repository import Repository  # noqa: E402

PICTURE = ROOT / "docs" / "review.png"
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome", "chromium-browser")
SIZE = "860,770"
STYLE = """
body { margin: 24px; background: #fff; color: #1f2328;
  font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
.box { border: 1px solid #d1d9e0; border-radius: 6px; margin-bottom: 20px; }
.box > header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e;
  border-radius: 6px 6px 0 0; padding: 7px 16px; }
.box > header b { color: #1f2328; }
.box > div { padding: 4px 16px 10px; }
h3 { font-size: 1.2em; margin: 12px 0 8px; }
code { background: #818b981f; border-radius: 6px; padding: .2em .4em;
  font: 85% "DejaVu Sans Mono", monospace; }
table { border-collapse: collapse; }
td, th { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left; }
tr:nth-child(2n) { background: #f6f8fa; }
summary { cursor: pointer; }
details { margin: 4px 0; }
a { color: #0969da; text-decoration: none; }
sub { color: #59636e; font-size: 85%; vertical-align: baseline; }
blockquote { border-left: .25em solid #d1d9e0; color: #59636e; margin: 0;
  padding: 0 1em; }
"""


def an_architect(request: Any) -> dict[str, Any]:
    """What a model might say of the change."""
    return an_answer(
        a_finding(),
        a_finding(
            quote="    return None",
            line=15,
            title="A failed order now looks like one that was never made",
            problem="After the last retry it returns None and raises nothing.",
            scenario="The database is down: callers store None as the order's number.",
            recommendation="Raise after the last attempt, as before.",
            category="observability",
            severity="medium",
        ),
        questions=[
            {"topic": "traffic", "question": "How many orders a minute at the peak?"}
        ],
        change_size="major",
    )


def posted(folder: Path) -> tuple[str, str]:
    """The summary and the gravest inline comment of one review."""
    folder.mkdir()
    repository = Repository(folder)
    with (
        GitHub(repository.git_dir, token=TOKEN) as github,
        Model(an_architect, key=KEY) as model,
    ):
        scene = Scene(folder, github, model, repository)
        scene.open()
        github.role("octocat", "maintain")
        event = github.event("pull_request", 7)
        run = scene.act("pull_request", event, project_lead="octocat")
        if run.code:
            raise SystemExit(run.log)
        comments = github.comments(7)
        return comments[-1].body, github.inline(7)[0].body


def page(summary: str, inline: str) -> str:
    """Both comments as GitHub shows them, near enough."""
    boxes = (
        ("commented", summary),
        ("commented on shop/orders.py, line 11", inline),
    )
    body = "".join(
        f"<div class=box><header><b>architect-review</b> {escape(what)}</header>"
        f"<div>{html(text)}</div></div>"
        for what, text in boxes
    )
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}"


def main() -> int:
    """Write the picture."""
    found = filter(None, map(shutil.which, sys.argv[1:2] or BROWSERS))
    browser = next(found, None)
    if browser is None:
        raise SystemExit("no Chromium was found: give its path")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "page.html"
        place.write_text(page(*posted(Path(folder) / "scene")), encoding="utf-8")
        subprocess.run(  # noqa: S603 - the browser that was named
            [
                browser,
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-device-scale-factor=2",
                f"--window-size={SIZE}",
                f"--screenshot={PICTURE}",
                place.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
    print(f"written to {PICTURE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
