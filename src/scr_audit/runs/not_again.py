"""Which records were drawn too lately to be drawn again."""

from __future__ import annotations

from datetime import MAXYEAR, date
from typing import TYPE_CHECKING

from scr_audit.packs.span import after
from scr_audit.runs.replacement import ids_ever_drawn

if TYPE_CHECKING:
    from scr_audit.runs.sample_models import SampleDocument


def drawn_lately(sample: SampleDocument, span: str, *, as_of: date) -> dict[str, date]:
    """The records of an earlier sample that are not to be drawn within `span`, with its day.

    Those of its reserve that came in are among them. `span` is such as `12 months`.
    """
    if until(sample.drawn_on, span) <= as_of:
        return {}
    return dict.fromkeys(ids_ever_drawn(sample), sample.drawn_on)


def until(day: date, span: str) -> date:
    """The first day on which a record that was drawn on `day` may be drawn again.

    A month later is the same day of it, or its last one. Past the calendar it is the last day.
    """
    try:
        return after(day, span)
    except (OverflowError, ValueError):
        return date(MAXYEAR, 12, 31)
