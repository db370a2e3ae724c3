"""A repository to audit, and an architect who reports every line that says DEBT."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.forked import Forked
from e2e.scene import KEY, a_finding, an_answer
from standin.messages import Answer, Recorded
from standin.repository import Repository

_PATH = re.compile(r'^\{"path": ("(?:[^"\\]|\\.)*")', re.MULTILINE)
_DEBT = re.compile(r'"\s*(\d+) \+((?:[^"\\]|\\.)*DEBT (\w+) (\w+)(?:[^"\\]|\\.)*)"')
_MODULE = '''\
"""{name} of the {component}."""

import logging

from shop.{other} import main as {other}

LOGGER = logging.getLogger(__name__)


class {title}:
    """Keeps what {name} needs."""

    def __init__(self, database, queue):
        self.database = database
        self.queue = queue

    def store(self, number, row):
        """Store one row."""
        LOGGER.info("storing %s", number)
        return self.database.insert("{component}_{name}", number, row)

    def load(self, number):
        """Load one row."""
        return self.database.select("{component}_{name}", number)


def rows(database, limit={limit}):
    """The newest rows."""
    for number, row in enumerate(database.all("{component}_{name}")):
        if number >= limit:
            break
        yield row
'''
_RULE = '''

def rule_{number}(row, today):
    """Whether rule {number} of the {component} holds for a row of {name}."""
    if row.deleted or row.expires < today:
        return False
    return row.state in ("open", "paid") and row.amount > {number} * row.quantity
'''
COMPONENTS = ("accounts", "billing", "catalog", "delivery", "orders", "search")


def shop(modules: int = 12) -> dict[str, str | bytes]:
    """A backend of some components, each of `modules` modules; a few have debts."""
    files: dict[str, str | bytes] = {
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n'
        'dependencies = ["flask>=3", "psycopg>=3", "celery>=5"]\n',
        "README.md": "# Shop\n\nSells things.\n",
        "Dockerfile": 'FROM python:3.13-slim\nCOPY . /app\nCMD ["flask", "run"]\n',
        "docker-compose.yml": "services:\n  web:\n    build: .\n  db:\n"
        "    image: postgres:17\n",
        "shop/__init__.py": "",
        "logo.png": b"\x89PNG\0\1",
    }
    for at, component in enumerate(COMPONENTS):
        other = COMPONENTS[(at + 1) % len(COMPONENTS)]
        files[f"shop/{component}/__init__.py"] = ""
        for number in range(modules):
            name = f"part_{number}" if number else "main"
            files[f"shop/{component}/{name}.py"] = _MODULE.format(
                name=name,
                component=component,
                other=other,
                title=name.title().replace("_", ""),
                limit=10 * (number + 1) + at,
            ) + "".join(
                _RULE.format(number=rule, name=name, component=component)
                for rule in range(14)
            )
        files[f"tests/test_{component}.py"] = (
            f"from shop.{component}.main import rows\n\n\n"
            "def test_rows(database):\n    assert list(rows(database)) == []\n"
        )
    return files


def with_debt(
    files: dict[str, str | bytes], path: str, name: str, severity: str = "high"
) -> dict[str, str | bytes]:
    """The same with a line that the architect reports."""
    text = str(files[path]) + f"\n\n{name} = None  # DEBT {name} {severity}\n"
    return {**files, path: text}


def architect(request: Recorded) -> Answer:
    """Reports the debts of a component; puts components together."""
    if "decisions" in request.schema_names:
        return a_synthesis(request)
    component = audited(request)["component"]
    return an_answer(
        *debts(request.prompt),
        overview=f"{component} is a package.",
        components=f"{component} keeps its rows.",
        questions=[{"topic": "traffic", "question": "How many orders a day?"}],
    )


def audited(request: Recorded) -> dict[str, Any]:
    """What the request says of the component that it is about."""
    return dict(_told(request, "audit"))


def _told(request: Recorded, name: str) -> Any:
    """The value of the first key of this name in the material."""
    begin = f'"{name}": '
    at = next(
        found.end()
        for found in re.finditer(re.escape(begin), request.prompt)
        if request.prompt[found.end()] in "[{"
    )
    return json.JSONDecoder().raw_decode(request.prompt[at:])[0]


def debts(prompt: str) -> Iterator[dict[str, Any]]:
    """A finding for every line of a diff that says `DEBT name severity`."""
    path = ""
    for row in prompt.split("\n"):
        if found := _PATH.match(row):
            path = json.loads(found[1])
        for line, text, name, severity in _DEBT.findall(row):
            yield a_finding(
                path=path,
                quote=json.loads(f'"{text}"'),
                line=int(line),
                title=f"{name} is nowhere set",
                problem=f"{name} stays None.",
                category="database" if "db" in name else "architecture",
                severity=severity,
            )


def a_synthesis(request: Recorded) -> dict[str, Any]:
    """The six parts, about the components and findings that were shown."""
    rows = _told(request, "components")
    shown = _told(request, "candidates")
    numbers = [each["number"] for each in shown if "number" in each]
    return {
        "overview": "A shop in six packages around one database.",
        "components": [
            {"component": each["component"], "description": "Keeps its own rows."}
            for each in rows
        ],
        "technology": [
            {
                "name": "psycopg",
                "choice": "PostgreSQL through psycopg",
                "justification": "Rows are related; one database is enough.",
                "alternatives": "A document store, if orders stop being related.",
            }
        ],
        "roadmap": [
            {
                "title": "Set what is None",
                "why": "It fails at the first call.",
                "effort": "small",
                "after": [],
                "findings": numbers,
            },
            {
                "title": "Split the database",
                "why": "Catalog grows fastest.",
                "effort": "large",
                "after": [1],
                "findings": [],
            },
        ],
        "risks": [
            {
                "title": "One database for all",
                "likelihood": "medium",
                "impact": "high",
                "mitigation": "Replicas, then a database of their own for orders.",
                "findings": numbers[:1],
            }
        ],
        "operations": [{"topic": "logging", "text": "Log as JSON with an order's ID."}],
        "questions": [{"topic": "traffic", "question": "How many orders a day?"}],
        "decisions": [
            {
                "title": "Packages around one database",
                "context": "All packages read one schema.",
                "decision": "Keep one database.",
                "options": ["One database", "One for each package"],
                "consequences": "Migrations have to be agreed on.",
                "paths": ["shop/orders/main.py"],
            }
        ],
    }


@dataclass(frozen=True)
class Done:
    """How a start of `architect-review audit` ended."""

    code: int
    out: str
    errors: str

    @property
    def report(self) -> dict[str, Any]:
        """What it printed as JSON."""
        assert self.out, self.errors
        return dict(json.loads(self.out))


def run_audit(
    repository: Repository, folder: Path, *options: str, url: str = ""
) -> Done:
    """Audit the branch main with the model at `url`, files into `folder / "out"`."""
    given = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": url} if url else {}
    process = Forked(
        {"PATH": os.environ["PATH"], **given},
        folder,
        folder / "stdout",
        ["audit", str(repository.git_dir), "--ref", "main", "--format", "json",
         "--output", str(folder / "out"), *options],
        folder / "stderr",
    )  # fmt: skip
    out, errors = process.communicate(timeout=120)
    assert KEY not in out + errors
    return Done(process.returncode, out, errors)
