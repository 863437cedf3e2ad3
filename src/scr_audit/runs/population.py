"""Which of the records that were read belong to a run, by the plan's filter and its sample."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from scr_audit.evaluate.judge import KindJudge
from scr_audit.evaluate.outcomes import NOT_APPLICABLE, OUTCOMES
from scr_audit.packs.pack import Pack

OUTSIDE = "outside"
NOT_DRAWN = "not_drawn"
_OUTSIDE_OUTCOME = OUTCOMES[NOT_APPLICABLE]


class Admission:
    """Asks of a typed record whether the run is about it.

    A record of which the filter cannot tell is judged: its units are then not evidenced.
    """

    def __init__(self, pack: Pack) -> None:
        found = None if pack.planning is None else pack.planning.population
        self._kind = None if found is None else found.kind
        self._drawn = None if found is None else found.drawn
        asked = None if found is None else found.asked
        parameters: Mapping[str, Any] = pack.parameters
        self._judge = None if asked is None else KindJudge(asked.kind, (asked,), parameters)

    def drew(self, kind: str, record: str) -> bool:
        """Whether the record is one of a sample."""
        return self._drawn is not None and kind == self._kind and record in self._drawn

    def refuses(self, kind: str, typed: Any, as_of: date | None, *, imprecise: bool) -> str | None:
        """Why a record is not judged: `OUTSIDE` or `NOT_DRAWN`; None: it is judged."""
        if kind != self._kind:
            return None
        if self._drawn is not None and typed.id not in self._drawn:
            return NOT_DRAWN
        if self._judge is None:
            return None
        finding = self._judge.findings(typed, as_of, imprecise=imprecise)[0]
        return OUTSIDE if finding.outcome == _OUTSIDE_OUTCOME else None
