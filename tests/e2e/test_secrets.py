"""No known secret of a change leaves the process; those it adds are findings."""

import base64
import json
from typing import Any

from architect_review.review.ledger import decode
from change.planted import BASE64, BEGIN, END, ROWS, Row, body
from e2e.scene import KEY, TOKEN, Run, Scene, a_finding, an_answer
from standin.messages import Recorded


def row(kind: str, at: int = 0) -> Row:
    return [each for each in ROWS if each.kind == kind][at]


PEM = [body(64, BASE64, seed) for seed in range(3)]
ADDRESS = row("password-in-an-address").secret
AWS = f"AWS_SECRET_ACCESS_KEY = '{row('aws-secret-access-key').secret}'"
NPM = f"NPM = '{row('npm-token').secret}'"
SLACK = f"SLACK = '{row('slack-token').secret}'"
BEFORE = {
    "shop/pay.py": f"import boto3\n{AWS}\n"
    f"OLD = '{row('sendgrid-api-key').secret}'\nREGION = 'eu-west-1'\n",
    "compose.yml": "services:\n  web:\n    image: shop:1\n",
}
AFTER = {
    "shop/pay.py": f"import boto3\n{AWS}\n"
    f"REGION = 'eu-west-2'\n{row('stripe-live-key').line}\n{SLACK}\n",
    "compose.yml": "services:\n  web:\n    image: shop:2\n    environment:\n"
    f"      DATABASE_URL: postgres://shop:{ADDRESS}@db.internal/shop\n"
    f"      GITHUB_TOKEN: {row('github-token').secret}\n",
    "keys/deploy.pem": "\n".join([BEGIN, *PEM, END, ""]),
    "poetry.lock": f"# {row('pypi-token').secret}\n",
    "shop/settings.py": f"{row('hard-coded-secret').line}\n{NPM}\n",
}
IN_WORDS = row("google-api-key")
SECRETS = [
    *(
        row(kind).secret
        for kind in (
            *("aws-secret-access-key", "sendgrid-api-key", "stripe-live-key"),
            *("slack-token", "github-token", "pypi-token", "hard-coded-secret"),
            *("npm-token", "google-api-key"),
        )
    ),
    *(ADDRESS, *PEM),
]


def open_pull(scene: Scene) -> None:
    base = scene.repository.commit(BEFORE, "Shop")
    scene.repository.branch("main", base)
    head = scene.repository.commit(AFTER, f"Pay with {IN_WORDS.secret}", parents=[base])
    scene.github.pull(
        7,
        head_sha=head,
        title=f"Pay ({IN_WORDS.secret})",
        body=f"It works:\n\n    curl -d {IN_WORDS.secret}\n",
    )
    scene.github.comment(7, "mona", f"I tried {IN_WORDS.secret}")
    scene.github.review(7, "mona", f"and {IN_WORDS.secret}")


def said(scene: Scene, run: Run) -> str:
    """Everything that left the process, but for the headers that carry credentials."""
    sent: list[Any] = [
        [each.path, each.query, each.body] for each in scene.github.requests
    ]
    for request in scene.model.requests:
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in ("authorization", "x-api-key")
        }
        sent.append([request.path, headers, request.body])
    files = [path for path in scene.home.rglob("*") if path.is_file()]
    written = [
        path.read_text(encoding="utf-8") for path in files if path.name != "event.json"
    ]
    log = [line for line in run.log.split("\n") if not line.startswith("::add-mask::")]
    ledgers = [decode(each.body) for each in scene.github.comments(7)]
    return "\n".join(
        [
            json.dumps(sent, ensure_ascii=False),
            *written,
            *log,
            *(ledger.model_dump_json() for ledger in ledgers if ledger),
        ]
    )


def encodings(secret: str) -> list[str]:
    """The secret, and how it looks in base64 wherever it begins in a longer text."""
    shifted = [
        base64.b64encode(b"\0" * at + secret.encode()).decode()[4:-4] for at in range(3)
    ]
    return [secret, *shifted]


def test_nothing_that_leaves_the_process_holds_a_secret(scene: Scene) -> None:
    open_pull(scene)
    prompts: list[str] = []

    def answer(request: Recorded) -> dict[str, Any]:
        prompts.append(request.prompt)
        return an_answer(
            a_finding(
                path="compose.yml",
                quote="      GITHUB_TOKEN: «redacted:github-token»",
                category="configuration",
                title="The token is part of the deployment",
            )
        )

    scene.model.answer = answer
    run = scene.act("pull_request", scene.github.event("pull_request", 7))

    assert run.outputs["status"] == "reviewed", run.log
    assert run.report["gaps"] == {}
    everything = said(scene, run)
    for secret in [*SECRETS, KEY, TOKEN]:
        for text in encodings(secret):
            assert text not in everything
    assert "«redacted:slack-token»" in prompts[0]
    assert "14 secrets were replaced before anything was sent" in run.report["notes"]
    quoted = next(
        each for each in run.report["findings"] if each["category"] == "configuration"
    )
    assert (quoted["path"], quoted["start_line"]) == ("compose.yml", 6)


def test_added_secrets_are_findings_on_their_lines_without_a_model(
    scene: Scene,
) -> None:
    open_pull(scene)

    run = scene.act(
        "pull_request",
        scene.github.event("pull_request", 7),
        key="",
        fail_on="critical",
    )

    assert run.outputs["status"] == "signals-only", run.log
    assert (run.outputs["verdict"], run.code) == ("blocking", 1)
    comments = {
        (each.path, each.line): each.body.split("—")[1].split("\n")[0].strip()
        for each in scene.github.inline(7)
    }
    assert comments == {
        ("compose.yml", 5): "A password in an address is committed",
        ("compose.yml", 6): "A GitHub token is committed",
        ("keys/deploy.pem", 1): "A private key is committed",
        ("poetry.lock", 1): "A PyPI token is committed",
        ("shop/pay.py", 4): "A Stripe live key is committed",
    }
    assert "`shop/settings.py` (line 2)" in run.step_summary
    everything = said(scene, run)
    assert not [secret for secret in SECRETS if secret in everything]
