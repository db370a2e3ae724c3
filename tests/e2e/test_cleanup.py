"""A clean-up that is none: what a real one hid, rebuilt small, found without a model.

The change moves a limit from percent to a fraction while an untouched file reads it as
percent, tightens others, comments a guard out, swallows errors, pastes a block into
four providers of which nobody imports two, and deletes documents that others name.
"""

from e2e.scene import Scene

SETTINGS = '''\
"""What a scan accepts."""

from dataclasses import dataclass


@dataclass
class Limits:
    max_bid_ask_spread_pct: float = {spread}
    min_open_interest: int = {interest}
    min_daily_volume: int = {volume}
'''
ANALYZER = '''\
"""Which contracts are worth a look."""

import structlog

log = structlog.get_logger()


def candidates(contracts, limits):
    """The contracts that pass every limit."""
    if not contracts:
        return []
    return [each for each in contracts if is_liquid(each, limits)]


def is_liquid(contract, limits):
    """Whether a contract can be traded."""
    return contract.spread <= limits.max_bid_ask_spread_pct
'''
ANALYZER_AFTER = '''\
"""Which contracts are worth a look."""

import structlog

log = structlog.get_logger()


def candidates(contracts, limits):
    """The contracts that pass every limit."""
    # COMMENTING OUT EARLY RETURN TO DEBUG
    # if not contracts:
    #     return []
    print("DEBUG candidates", len(contracts))
    try:
        return [each for each in contracts if is_liquid(each, limits)]
    except Exception:
        return []


def is_liquid(contract, limits):
    """Whether a contract can be traded."""
    print("DEBUG", contract)
    return contract.spread <= limits.max_bid_ask_spread_pct * 100
'''
REPORTER = '''\
"""What the daily report says."""


def reasons(contract, limits):
    """Why a contract was left out."""
    if contract.spread_pct > limits.max_bid_ask_spread_pct:
        return [f"wide_spread_{contract.spread_pct:.1f}pct"]
    if contract.open_interest < limits.min_open_interest:
        return ["low_open_interest"]
    return []
'''
PROVIDER = '''\
"""Quotes of one vendor."""


class Provider:
    """Asks one vendor."""

    def quote(self, symbol):
        """The latest quote."""
        return self.client.get("/quote", symbol)
'''
RANGE = '''\

    def range_size(self, price, volatility):
        """How far around the price to look."""
        if price <= 0:
            raise ValueError("no price")
        width = price * volatility
        if price < 20:
            width = max(width, 2.5)
        elif price < 100:
            width = max(width, 5.0)
        elif price < 500:
            width = max(width, 10.0)
        else:
            width = max(width, 25.0)
        low = max(price - width, 0.5)
        high = price + width
        steps = round((high - low) / 0.5)
        return low, high, steps
'''
TEST = """\
from scan.settings import Limits


def test_the_limits_are_what_the_strategy_says():
    limits = Limits()
    assert limits.min_open_interest == 10
    assert limits.max_bid_ask_spread_pct == 5.0
"""
PROVIDERS = ("eodhd", "marketdata", "eodhd_backup", "marketdata_fixed")
TITLE = "Clean up repository and add MarketData.app API documentation"


def before() -> dict[str, str | bytes]:
    """The repository as it was."""
    return {
        "scan/__init__.py": "",
        "scan/settings.py": SETTINGS.format(spread=5.0, interest=10, volume=0),
        "scan/analyzer.py": ANALYZER,
        "scan/reporter.py": REPORTER,
        "scan/main.py": "from scan.providers import eodhd, marketdata\n",
        **{f"scan/providers/{name}.py": PROVIDER for name in PROVIDERS},
        "scan/providers/__init__.py": "",
        "tests/test_settings.py": TEST,
        "eodhd-screener.md": "# The screener\n",
        "marketdata_api_docs.md": "# The API\n",
        ".claude/agents/eodhd.md": "Always read eodhd-screener.md first.\n",
        "scan/client.py": '"""See marketdata_api_docs.md."""\n',
    }


def after() -> dict[str, str | bytes | None]:
    """What the change makes of it."""
    return {
        "scan/settings.py": SETTINGS.format(spread=0.05, interest=100, volume=10),
        "scan/analyzer.py": ANALYZER_AFTER,
        **{f"scan/providers/{name}.py": PROVIDER + RANGE for name in PROVIDERS},
        "eodhd-screener.md": None,
        "marketdata_api_docs.md": None,
        "docs/marketdata/options.md": "# Options\n",
    }


def test_what_a_clean_up_hides_is_found_without_a_model(scene: Scene) -> None:
    base = scene.repository.commit(before(), "Scanner")
    scene.repository.branch("main", base)
    head = scene.repository.commit(after(), "Clean up", parents=[base])
    scene.github.pull(7, head_sha=head, title=TITLE)

    run = scene.act(
        "pull_request",
        scene.github.event("pull_request", 7),
        key="",
        project_lead="octocat",
    )

    assert run.outputs["status"] == "signals-only", run.log
    signals = {each["name"]: each for each in run.report["signals"]}
    assert {
        "title-understates",  # 1: limits change inside a clean-up
        "unit-changed",  # 2: a fraction here, a percentage in an untouched reader
        "guard-disabled",  # 3: the symptom patched
        "broad-except-added",  # 4: crashes become "no opportunities"
        "pasted-block",  # 5: one block in four files,
        "dead-twin",  # 5: two of which nothing imports
        "old-default-tested",  # 6: tests contradict the code
        "dangling-reference",  # 7: deleted documents, still mandatory
        "print-beside-logger",  # 8: debug output in the hot path
    } <= signals.keys()
    (unit,) = [
        each["fact"]
        for each in signals["unit-changed"]["evidence"]
        if "max_bid_ask_spread_pct" in each["fact"]
    ]
    assert "`scan/reporter.py:6`" in unit
    assert run.outputs["major"] == "true"
    assert "@octocat" in scene.github.comments(7)[0].body
    assert len(scene.github.requests) <= 8
