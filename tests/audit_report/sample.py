"""A realistic audit of a made-up shop, hostile text in some places, and a huge one."""

from typing import Any

from architect_review.audit.components import ComponentKind
from architect_review.audit_report.parts import (
    AuditComponent,
    AuditCounts,
    AuditDecision,
    AuditFinding,
    AuditFixed,
    AuditOperation,
    AuditRisk,
    AuditStep,
    AuditTechnology,
    AuditTrend,
    Extent,
    Standing,
)
from architect_review.audit_report.report import AuditReport
from architect_review.report.parts import (
    ReportEstimate,
    ReportEvidence,
    ReportFile,
    ReportPlace,
    ReportQuestion,
    ReportRule,
    ReportSignal,
    ReportUsage,
)
from architect_review.request.settings import FailOn
from architect_review.vocabulary import (
    Category,
    Check,
    Confidence,
    How,
    Severity,
    Status,
    Topic,
    Verdict,
)

HEAD = "5f0c3a91d7e84b26a0c9e1f3b7d25846ac10ef39"
WEB = "https://github.com/octo/shop"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202eab @octo"
"""Text that wants to be markup, to turn the line around and to call somebody."""

OVERVIEW = """\
The shop is a **modular monolith** in Django with one PostgreSQL database. Orders and
payments share it; everything slow goes through Celery on Redis. The web process and
the workers are one image, started with different commands.

Two things decide how it behaves under load:

1. `orders.checkout` holds its transaction open while it calls the payment provider.
2. The nightly settlement and the hourly export take the *same* rows in opposite order.

The boundaries between the packages are good: `payments` knows nothing of `orders`,
and what crosses is a handful of dataclasses. `reporting` is the exception, it reads
the tables of every other package directly.

```python
with transaction.atomic():
    order = Order.objects.select_for_update().get(pk=pk)
    provider.charge(order.total)  # 2 to 30 s, inside the lock
```
"""


def _component(
    name: str,
    kind: ComponentKind,
    files: int,
    lines: int,
    description: str,
    uses: tuple[str, ...] = (),
    **changes: Any,
) -> AuditComponent:
    python = {"Python": lines} if kind is ComponentKind.PACKAGE else {}
    values: dict[str, Any] = {
        "languages": python,
        "findings": 0,
        "extent": Extent.REVIEWED,
        "reason": "",
    }
    return AuditComponent(
        name=name,
        kind=kind,
        files=files,
        lines=lines,
        uses=uses,
        description=description,
        **values | changes,
    )


def a_component(name: str, *uses: str, **changes: Any) -> AuditComponent:
    """A package of ten files that uses others."""
    return _component(name, ComponentKind.PACKAGE, 10, 1000, "", uses, **changes)


PACKAGE = ComponentKind.PACKAGE
COMPONENTS = (
    _component(
        "shop.web",
        PACKAGE,
        48,
        6210,
        "Views, serializers and the public API. Thin: each view calls one service.",
        ("shop.orders", "shop.payments", "shop.accounts", "shop.catalogue"),
        languages={"Python": 5480, "HTML": 730},
        findings=1,
    ),
    _component(
        "shop.orders",
        PACKAGE,
        61,
        8904,
        "The order's life from basket to delivery. Owns `orders_order` and its state "
        "machine; every transition is a function in `transitions.py`.",
        ("shop.payments", "shop.catalogue", "shop.core"),
        findings=3,
    ),
    _component(
        "shop.payments",
        PACKAGE,
        34,
        4127,
        "Talks to the payment provider and keeps the ledger of charges and refunds.",
        ("shop.core",),
        findings=2,
        extent=Extent.REUSED,
    ),
    _component(
        "shop.catalogue",
        PACKAGE,
        29,
        3388,
        "Products, prices and stock.",
        ("shop.core",),
    ),
    _component(
        "shop.accounts",
        PACKAGE,
        22,
        2410,
        "Users, sessions and permissions.",
        ("shop.core",),
        findings=1,
        extent=Extent.REUSED,
    ),
    _component(
        "shop.reporting",
        PACKAGE,
        18,
        2952,
        "Exports and the nightly reconciliation, straight from every table.",
        ("shop.orders", "shop.payments", "shop.catalogue"),
        findings=1,
        extent=Extent.PARTIAL,
        reason="`exports/legacy.py` is larger than one request takes",
    ),
    _component(
        "shop.core",
        PACKAGE,
        15,
        1320,
        "Money, clocks, base models and the outbox.",
    ),
    _component(
        "worker",
        ComponentKind.SERVICE,
        7,
        640,
        "Celery's workers and the beat schedule.",
        ("shop.orders", "shop.payments", "shop.reporting"),
        languages={"Python": 590, "YAML": 50},
        findings=1,
    ),
    _component(
        "shop/orders/migrations",
        ComponentKind.MIGRATIONS,
        43,
        2204,
        "The history of the orders' schema.",
        ("shop.orders",),
        languages={"Python": 2204},
        findings=1,
    ),
    _component(
        "deploy",
        ComponentKind.DEPLOYMENT,
        16,
        980,
        "One image, a Helm chart with web, worker and beat.",
        ("worker", "shop.web"),
        languages={"YAML": 870, "Dockerfile": 110},
    ),
    _component(
        ".github/workflows",
        ComponentKind.DELIVERY,
        5,
        410,
        "",
        languages={"YAML": 410},
    ),
    _component(
        "tests/integration_tests_of_the_whole_shop_and_its_partners",
        ComponentKind.TESTS,
        102,
        11870,
        "",
        ("shop.orders", "shop.payments", "shop.web"),
        languages={"Python": 11870},
        extent=Extent.LEFT_OUT,
        reason="tests are not read at this depth",
    ),
)


def _technology(*values: str) -> AuditTechnology:
    names = ("name", "category", "version", "path", "choice", "justification")
    return AuditTechnology(
        **dict(zip((*names, "alternatives"), values, strict=True)),
    )


TECHNOLOGIES = (
    _technology(
        "Django",
        "web framework",
        "5.2.3",
        "pyproject.toml",
        "Keep.",
        "The admin and the ORM carry most of the back office; the team knows it.",
        "FastAPI with SQLAlchemy: faster per request, but the admin would be rebuilt.",
    ),
    _technology(
        "PostgreSQL",
        "database",
        "16",
        "deploy/values.yaml",
        "Keep, and move to 17 this year.",
        "`SELECT … FOR UPDATE SKIP LOCKED` is what the outbox stands on.",
        "None that pays for the move at 40 GB.",
    ),
    _technology(
        "Celery",
        "task queue",
        "5.4.0",
        "pyproject.toml",
        "Keep, with **acks_late** and a visibility timeout above the longest task.",
        "Settlement needs retries with back-off and a schedule; both are there.",
        "Procrastinate would drop Redis and give transactional enqueueing.",
    ),
    _technology(
        "Redis",
        "message broker",
        "7.2",
        "deploy/values.yaml",
        "Keep as a broker only.",
        "It also holds sessions today, so a flush logs everybody out.",
        "Sessions in the database.",
    ),
    _technology(
        "psycopg", "database driver", "3.2.1", "pyproject.toml", "Keep.", "", ""
    ),
    _technology("Gunicorn", "application server", "22.0.0", "pyproject.toml", *"   "),
    _technology("Docker", "container", "", "deploy/Dockerfile", *"   "),
    _technology(
        "OpenTelemetry",
        "tracing",
        "",
        "",
        "Add it.",
        "Nothing connects a slow checkout with the query that made it slow.",
        "Sentry's tracing, which is paid for by the event.",
    ),
)

ROADMAP = (
    AuditStep(
        number=1,
        title="Charge outside the transaction",
        why="A slow provider stops all checkouts. Reserve, commit, charge, confirm.",
        effort="medium",
        after=(),
        findings=("F1",),
    ),
    AuditStep(
        number=2,
        title="Take order rows in one order everywhere",
        why="Ends the nightly deadlocks.",
        effort="small",
        after=(1,),
        findings=("F2",),
    ),
    AuditStep(
        number=3,
        title="Make tasks safe to repeat",
        why="`acks_late` only helps when a second run does no harm.",
        effort="medium",
        after=(1,),
        findings=("F3", "F6"),
    ),
    AuditStep(
        number=4,
        title="Split the index migration",
        why="So that the next release needs no window.",
        effort="small",
        after=(),
        findings=("F4",),
    ),
    AuditStep(
        number=5,
        title="Give reporting its own read model",
        why="Every change of a table breaks an export today.",
        effort="large",
        after=(2, 3),
        findings=("F7",),
    ),
    AuditStep(
        number=6,
        title="Trace requests through web, queue and worker",
        why="",
        effort="medium",
        after=(3,),
        findings=(),
    ),
)

RISKS = (
    AuditRisk(
        title="The payment provider slows down and checkout stops with it",
        likelihood="high",
        impact="high",
        mitigation="Step 1; a **timeout of 5 s** and a circuit breaker until then.",
        findings=("F1",),
    ),
    AuditRisk(
        title="A customer is charged twice",
        likelihood="medium",
        impact="high",
        mitigation="An idempotency key per order, sent to the provider.",
        findings=("F3",),
    ),
    AuditRisk(
        title="A release locks the orders table",
        likelihood="medium",
        impact="high",
        mitigation="`AddIndexConcurrently` and a lock timeout in migrations.",
        findings=("F4",),
    ),
    AuditRisk(
        title="Reports disagree with the ledger",
        likelihood="high",
        impact="medium",
        mitigation="One query for both, checked every night.",
        findings=("F7",),
    ),
    AuditRisk(
        title="Redis is flushed and everybody is logged out",
        likelihood="low",
        impact="medium",
        mitigation="Sessions in the database.",
        findings=(),
    ),
    AuditRisk(
        title="Logs hold addresses of customers",
        likelihood="medium",
        impact="medium",
        mitigation="A filter in the logging configuration, with a test.",
        findings=("F5",),
    ),
    AuditRisk(
        title="The only one who knows the settlement leaves",
        likelihood="low",
        impact="low",
        mitigation="A decision record and a run book.",
        findings=(),
    ),
)

OPERATIONS = (
    AuditOperation(
        topic="Monitoring",
        text="Queue depth and the oldest task's age are not measured. Start with:\n\n"
        "- age of the oldest unpaid order\n- `celery` queue length by queue\n"
        "- failed charges per minute",
    ),
    AuditOperation(
        topic="Deployment and rollback",
        text="Migrations run in an init container of **every** web pod. Make it one "
        "job before the rollout.",
    ),
    AuditOperation(
        topic="Backups",
        text="Daily dumps, never restored as far as the repository shows.",
    ),
    AuditOperation(
        topic="Capacity",
        text="| process | workers | memory |\n|---|---:|---:|\n| web | 4 | 1.2 GB |\n"
        "| worker | 8 | 2.4 GB |",
    ),
)

QUESTIONS = (
    ReportQuestion(
        name="Q1",
        topic=Topic.TRAFFIC,
        text="How many orders a minute come in on the busiest day?",
    ),
    ReportQuestion(
        name="Q2",
        topic=Topic.COMPLIANCE,
        text="For how long must charges be kept, and where?",
    ),
    ReportQuestion(
        name="Q3", topic=Topic.TEAM, text="Who is on call for the nightly settlement?"
    ),
)


def a_finding(number: int = 1, **changes: Any) -> AuditFinding:
    """A finding of a high severity on three lines; `number` 0 for a withheld one."""
    values: dict[str, Any] = {
        "name": f"F{number}" if number else "",
        "fingerprint": f"{number:016x}",
        "standing": Standing.NEW,
        "component": "shop.orders",
        "title": "The charge runs inside the transaction",
        "problem": "The row stays locked for as long as the provider takes to answer.",
        "scenario": "The provider takes 30 s; every worker waits for a connection.",
        "recommendation": "Reserve, commit, then charge in a task.",
        "example": "",
        "path": "shop/orders/checkout.py",
        "start_line": 41,
        "end_line": 43,
        "quote": "provider.charge(order.total)",
        "category": Category.ARCHITECTURE,
        "severity": Severity.HIGH,
        "confidence": Confidence.HIGH,
        "agent": "backend-systems-architect",
        "check": Check.CONFIRMED,
        "check_reason": "",
        "seen_at": None,
        "rule": None,
        "withheld": "",
    }
    return AuditFinding(**values | changes)


PERSISTING = Standing.PERSISTING
FINDINGS = (
    a_finding(
        1,
        severity=Severity.CRITICAL,
        standing=PERSISTING,
        title="Checkout holds a row lock while it waits for the payment provider",
        problem="`charge()` is called **inside** `transaction.atomic()`. The order's "
        "row stays locked, and its connection is taken, until the provider answers.",
        quote="with transaction.atomic():\n"
        "    order = Order.objects.select_for_update().get(pk=pk)\n"
        "    provider.charge(order.total)",
        example="order = reserve(pk)\ntransaction.on_commit(lambda: charge.delay(pk))",
        seen_at=ReportPlace(
            path="shop/payments/provider.py",
            line=88,
            quote="    TIMEOUT = None  # the provider is usually fast",
        ),
    ),
    a_finding(
        2,
        title="Settlement and export lock the same rows in opposite order",
        problem="One goes by `pk`, the other by `-updated`. They meet at midnight.",
        scenario="Both run at 00:00; PostgreSQL kills one of them after 1 s.",
        recommendation="Order both by `pk`.",
        category=Category.DATABASE,
        path="shop/reporting/settlement.py",
        component="shop.reporting",
        start_line=120,
        end_line=120,
        quote='for order in Order.objects.select_for_update().order_by("-updated"):',
    ),
    a_finding(
        3,
        standing=PERSISTING,
        title="A retried charge is a second charge",
        problem="The task is retried on a timeout, and a timeout may have charged.",
        scenario="The provider answers after 11 s, the client gave up after 10.",
        recommendation="Send `Idempotency-Key: order-<id>` with every attempt.",
        category=Category.ERROR_HANDLING,
        component="shop.payments",
        path="shop/payments/tasks.py",
        start_line=17,
        end_line=24,
        quote="@app.task(autoretry_for=(Timeout,), max_retries=5)",
        rule=ReportRule(
            path="docs/adr/0007-idempotency.md",
            title="7. Every external call can be repeated",
            line=12,
            quote="Each call that moves money carries a key that the caller chooses.",
        ),
    ),
    a_finding(
        4,
        title="The new index locks `orders_order` for writing",
        problem="`AddIndex` on 90 million rows takes minutes, and nobody can order.",
        recommendation="`AddIndexConcurrently`, in a migration with `atomic = False`.",
        category=Category.DATABASE,
        component="shop/orders/migrations",
        path="shop/orders/migrations/0043_order_customer_index.py",
        start_line=15,
        end_line=18,
        quote="migrations.AddIndex(",
        check=Check.UNVERIFIED,
        check_reason="the model did not answer in time",
    ),
    a_finding(
        5,
        standing=PERSISTING,
        severity=Severity.MEDIUM,
        title="Delivery addresses are logged",
        problem="The whole form is logged when it is not valid.",
        category=Category.SECURITY,
        component="shop.web",
        path="shop/web/checkout/views.py",
        start_line=203,
        end_line=None,
        quote='log.warning("invalid form: %s", form.data)',
    ),
    a_finding(
        6,
        standing=PERSISTING,
        severity=Severity.MEDIUM,
        title="Tasks that a dying worker held are lost",
        category=Category.SCHEDULING,
        component="worker",
        path="worker/celery.py",
        start_line=9,
        end_line=9,
        quote="task_acks_late = False",
    ),
    a_finding(
        7,
        standing=PERSISTING,
        severity=Severity.MEDIUM,
        title="Reporting reads other packages' tables",
        component="shop.orders",
        category=Category.MAINTAINABILITY,
        path="shop/orders/models.py",
        quote="",
        start_line=None,
        end_line=None,
        confidence=Confidence.MEDIUM,
        check=Check.UNPROVEN,
    ),
    a_finding(
        8,
        severity=Severity.MEDIUM,
        title="Sessions do not end when a password changes",
        category=Category.SECURITY,
        component="shop.accounts",
        path="shop/accounts/services.py",
        start_line=77,
        end_line=81,
        quote="user.set_password(new)\nuser.save()",
    ),
    a_finding(
        9,
        standing=PERSISTING,
        severity=Severity.LOW,
        title="The refund's currency is a bare string",
        category=Category.MAINTAINABILITY,
        component="shop.payments",
        path="shop/payments/ledger.py",
        start_line=31,
        end_line=31,
        quote="currency: str",
    ),
    a_finding(
        10,
        severity=Severity.LOW,
        title=f"The banner is not escaped: {HOSTILE}",
        problem=f"{HOSTILE} [here](javascript:alert(3)) ![](https://example.invalid/x)",
        scenario='<a href="javascript:alert(4)">open</a> and `</code><script>`',
        path='shop/web/templates/"><script>.html',
        component="shop.orders",
        start_line=3,
        end_line=3,
        quote=f"{{{{ banner|safe }}}} {HOSTILE}",
    ),
    a_finding(
        0,
        severity=Severity.MEDIUM,
        title="The cache is never cleared",
        path="shop/catalogue/prices.py",
        component="shop.catalogue",
        check=Check.REFUTED,
        check_reason="`prices.invalidate` is called in `signals.py`",
        withheld="the check refuted it: it is cleared in `signals.py`",
    ),
    a_finding(
        0,
        severity=Severity.LOW,
        title="No type hints",
        path="shop/core/clock.py",
        component="shop.core",
        withheld="beyond the limit of findings for one component",
    ),
)

FIXED = (
    AuditFixed(
        name="F11",
        title="Secrets in the image's environment",
        severity=Severity.CRITICAL,
        path="deploy/Dockerfile",
        reason="its lines are gone",
    ),
    AuditFixed(
        name="F12",
        title="No timeout for the address service",
        severity=Severity.HIGH,
        path="shop/orders/addresses.py",
        reason="`timeout=5` stands there now",
    ),
    AuditFixed(
        name="F13",
        title="Two settings for one queue",
        severity=Severity.LOW,
        path="worker/celery.py",
        reason="its file is gone",
    ),
)


def _trend() -> tuple[AuditTrend, ...]:
    rows = (
        ("2026-06-01T04:00:00Z", 3, 6, 7, 4, 0),
        ("2026-07-01T04:00:00Z", 3, 5, 8, 4, 2),
        ("2026-08-01T04:00:00Z", 2, 5, 6, 3, 4),
        ("2026-09-01T04:00:00Z", 2, 4, 5, 3, 2),
        ("2026-10-01T04:00:00Z", 2, 3, 3, 1, 5),
        ("2026-11-01T04:12:31Z", 1, 3, 4, 2, 3),
    )
    names = ("date", "critical", "high", "medium", "low", "fixed")
    heads = [*(f"{at:040x}" for at in range(1, len(rows))), HEAD]
    return tuple(
        AuditTrend(head=head, **dict(zip(names, row, strict=True)))  # type: ignore[arg-type]
        for head, row in zip(heads, rows, strict=True)
    )


DECISIONS = (
    AuditDecision(
        title="Use an outbox for events",
        context="Events must not be lost when the broker is down.",
        decision="Events are rows, sent by a task that deletes them.",
        options=("Publish after commit", "Outbox table", "Change data capture"),
        consequences="Consumers see events twice at times.",
        paths=("shop/core/outbox.py", "worker/relay.py"),
    ),
    AuditDecision(
        title="One image for web and worker",
        context="Both need the same models.",
        decision="One Dockerfile; the command decides.",
        options=(),
        consequences="The web image carries what only exports need.",
        paths=("deploy/Dockerfile",),
    ),
)

SIGNALS = (
    ReportSignal(
        name="locking-migration",
        meaning="A migration takes a lock that stops writes",
        weight="major",
        category=Category.DATABASE,
        evidence=(
            ReportEvidence(
                path="shop/orders/migrations/0043_order_customer_index.py",
                line=15,
                is_removed=False,
                fact="AddIndex on orders_order",
            ),
            ReportEvidence(
                path="shop/orders/migrations/0039_status.py",
                line=22,
                is_removed=False,
                fact="AlterField with a new default",
            ),
        ),
    ),
    ReportSignal(
        name="no-timeout",
        meaning="A request over the network without a timeout",
        weight="supporting",
        category=Category.ERROR_HANDLING,
        evidence=(
            ReportEvidence(
                path="shop/payments/provider.py",
                line=88,
                is_removed=False,
                fact="TIMEOUT = None",
            ),
        ),
    ),
)


def a_file(path: str, lines: int, how: How = How.READ, reason: str = "") -> ReportFile:
    """A file of `lines` lines that was all read, summarised or left out."""
    return ReportFile(
        path=path,
        status="added",
        additions=lines,
        deletions=0,
        sent=lines if how is How.READ else 0,
        summarised=lines if how is How.SUMMARISED else 0,
        left_out=lines if how is How.LEFT_OUT else 0,
        how=how,
        reason=reason,
    )


FILES = (
    *(a_file(f"shop/orders/module_{at}.py", 40 + at) for at in range(20)),
    a_file("shop/orders/checkout.py", 212),
    a_file("poetry.lock", 4410, How.SUMMARISED, "a lock file"),
    a_file(
        "shop/reporting/exports/legacy.py",
        6120,
        How.LEFT_OUT,
        "larger than one request takes",
    ),
    a_file("docs/logo.png", 0, How.LEFT_OUT, "not text"),
    *(
        a_file(
            f"tests/integration/test_flow_{at}.py", 90, How.LEFT_OUT, "tests: not read"
        )
        for at in range(30)
    ),
    a_file(f"shop/web/{HOSTILE}.html", 3, How.LEFT_OUT, "not text"),
)


def a_report(**changes: Any) -> AuditReport:
    """A whole audit with everything in it; `changes` are fields of the report."""
    values: dict[str, Any] = {
        "status": Status.PARTIAL,
        "why": "1 of 12 components is not wholly reviewed",
        "verdict": Verdict.BLOCKING,
        "fail_on": (FailOn.ERROR, FailOn.HIGH),
        "repository": "octo/shop",
        "web_url": WEB,
        "ref": "main",
        "head": HEAD,
        "date": "2026-11-01T04:12:31Z",
        "agent": "backend-systems-architect",
        "model": "claude-sonnet-4-5",
        "depth": "standard",
        "overview": OVERVIEW,
        "components": COMPONENTS,
        "technologies": TECHNOLOGIES,
        "roadmap": ROADMAP,
        "risks": RISKS,
        "operations": OPERATIONS,
        "questions": QUESTIONS,
        "findings": FINDINGS,
        "fixed": FIXED,
        "counts": AuditCounts(new=4, persisting=6, fixed=3),
        "trend": _trend(),
        "decisions": DECISIONS,
        "signals": SIGNALS,
        "gaps": {"unused-index": "it needs a database's statistics"},
        "files": FILES,
        "estimate": ReportEstimate(
            requests=31,
            input_tokens=612_000,
            output_tokens=48_000,
            usd=2.41,
            worst_usd=4.9,
        ),
        "usage": ReportUsage(
            calls=29,
            input_tokens=188_420,
            output_tokens=41_033,
            cache_read_tokens=401_772,
            cache_write_tokens=39_410,
            cost_usd=1.8732,
        ),
        "seconds": 412.6,
        "record_url": f"{WEB}/issues/118",
        "leads": ("pmcc-project-lead",),
        "lead_notified": True,
        "notes": ("2 components were taken from an earlier run",),
    }
    return AuditReport(**values | changes)


def unasked(why: str = "no key for the model") -> AuditReport:
    """An audit for which the model was not asked: code's facts only."""
    return a_report(
        status=Status.SIGNALS_ONLY,
        why=why,
        verdict=Verdict.NONE,
        model="",
        overview="",
        components=tuple(
            each.model_copy(update={"description": "", "findings": 0})
            for each in COMPONENTS
        ),
        technologies=tuple(
            each.model_copy(
                update={"choice": "", "justification": "", "alternatives": ""}
            )
            for each in TECHNOLOGIES
            if each.path
        ),
        roadmap=(),
        risks=(),
        operations=(),
        questions=(),
        findings=(),
        fixed=(),
        decisions=(),
        counts=AuditCounts(),
        trend=(),
        usage=None,
    )


def many(count: int = 5_000, **changes: Any) -> AuditReport:
    """An audit with `count` findings of every severity, each with text of its own."""
    severities, standings = list(Severity), list(Standing)
    components = [each.name for each in COMPONENTS]
    findings = [
        a_finding(
            at,
            severity=severities[at % 4],
            standing=standings[at % 2],
            component=components[at % len(components)],
            category=list(Category)[at % len(Category)],
            title=f"Finding {at}: the connection is held for too long",
            problem=f"{at}: the row stays locked while the provider answers. " * 2,
            path=f"shop/package_{at % 97}/module_{at}.py",
            start_line=at,
            end_line=at + 2,
        )
        for at in range(1, count + 1)
    ]
    findings.sort(key=lambda each: each.severity.rank)
    new = sum(each.standing is Standing.NEW for each in findings)
    values: dict[str, Any] = {
        "findings": tuple(findings),
        "counts": AuditCounts(new=new, persisting=count - new, fixed=3),
    }
    return a_report(**values | changes)
