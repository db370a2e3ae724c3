"""What a model may be told of signals in files that are never sent."""

import re
from dataclasses import replace

from architect_review.change.never_sent import REASON, NeverSent
from architect_review.signals import Signal, Signals
from architect_review.signals.signal import Evidence

_PATHS = re.compile(r"[^\s`'\"“”«»:;,()\[\]{}<>]+")


def told(found: Signals, never: NeverSent) -> Signals:
    """The same signals; facts that may quote such a file say where they are, only."""
    if not never:
        return found
    return replace(found, found=tuple(_told(each, never) for each in found.found))


def _told(signal: Signal, never: NeverSent) -> Signal:
    return replace(
        signal, evidence=tuple(_without_fact(each, never) for each in signal.evidence)
    )


def _without_fact(evidence: Evidence, never: NeverSent) -> Evidence:
    named = _PATHS.findall(evidence.fact)
    if evidence.path not in never and not any(each in never for each in named):
        return evidence
    return replace(evidence, fact=REASON, subject="")
