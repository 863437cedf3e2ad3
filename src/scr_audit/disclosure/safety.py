"""The last check before a board document is written: can a reader recompute what is masked?

It looks at the printed documents only and knows nothing of the true counts or of the masking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from scr_audit.disclosure.actions import printed_actions
from scr_audit.disclosure.attack import determined
from scr_audit.disclosure.cells import Cell, counts, tables
from scr_audit.disclosure.differences import earlier_known, exposed_if_growing, small_differences
from scr_audit.disclosure.knowledge import knowledge, known_zeros
from scr_audit.disclosure.models import BoardDocument
from scr_audit.disclosure.narrowing import Contradiction
from scr_audit.disclosure.profile import Profile
from scr_audit.disclosure.rates import (
    printed_comparison,
    printed_rates,
    printed_standard,
    printed_trend,
)
from scr_audit.errors import InputError, listed

Document = Mapping[str, Any]


class DisclosureError(InputError):
    """A board document would give away what it may not. `cells` names the counts, if known."""

    def __init__(self, message: str, cells: Iterable[Cell] = ()) -> None:
        self.cells: tuple[Cell, ...] = tuple(cells)
        super().__init__(message)


def assert_safe(document: Document, earlier: Sequence[Document] = ()) -> None:
    """Make sure that nobody can recompute a masked count from what is printed.

    `earlier` are the board documents published before. Raises `DisclosureError`, which names the
    cells that give something away.
    """
    _assert_shape(document)
    profile = Profile.model_validate(document["disclosure"]["profile"])
    _assert_none_small(document, profile)
    _assert_rates(document)
    _assert_not_recomputed(document)
    for before in earlier:
        _assert_no_difference(document, before, profile)
    _assert_derived(document, earlier)


def _assert_shape(document: Document) -> None:
    try:
        BoardDocument.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(step) for step in first["loc"])
        raise DisclosureError(
            f"this is not a board document: at /{where}: {first['msg']}. It is not written"
        ) from error
    masked = sum(count is None for count in counts(document).values())
    if masked != document["disclosure"]["masked"]:
        raise DisclosureError(
            f"the board document has {masked} masked counts, but says that it has "
            f"{document['disclosure']['masked']}. It is not written"
        )


def _assert_none_small(document: Document, profile: Profile) -> None:
    zeros = known_zeros(document)
    small = [
        cell
        for cell, count in counts(document).items()
        if count is not None and profile.hides(count) and cell not in zeros
    ]
    _refuse(small, f"counts below {profile.threshold} are not masked")


def _assert_rates(document: Document) -> None:
    rows = [*tables(document)]
    overall = document["totals"]
    rows.append(("overall", (), {"totals": overall["units"], "rates": overall["rates"]}))
    telling = []
    for level, name, item in rows:
        rates = {**item["rates"], "interval": _plain(item["rates"]["interval"])}
        if rates != printed_rates(item["totals"], rates["judged"]):
            telling.append(Cell(level, name, "rates"))
    _refuse(telling, "rates do not follow from the printed counts")


def _assert_derived(document: Document, earlier: Sequence[Document]) -> None:
    telling = [
        Cell("rule", (rule["id"],), "standard")
        for rule in document["rules"]
        if rule["standard"] != printed_standard(rule["standard"], rule["rates"])
    ]
    _refuse(telling, "verdicts on standards do not follow from the printed counts")
    if document["compared"] != printed_comparison(document, earlier):
        raise DisclosureError(
            "the board document is not safe to publish: what it says has changed does not follow "
            "from its printed counts and those of the earlier documents given. It is not written"
        )
    actions = document.get("actions") or []
    if actions != printed_actions(actions, document, earlier):
        raise DisclosureError(
            "the board document is not safe to publish: what it says of actions does not follow "
            "from its printed counts and those of the earlier documents given. It is not written"
        )
    if document.get("trend") != printed_trend(document, earlier):
        raise DisclosureError(
            "the board document is not safe to publish: its trend does not follow from its "
            "printed counts and those of the earlier documents given. It is not written"
        )


def _plain(interval: Sequence[float] | None) -> list[float] | None:
    return None if interval is None else list(interval)


def _assert_not_recomputed(document: Document) -> None:
    known = knowledge(document)
    try:
        found = determined(known, known.masked)
    except Contradiction:
        raise DisclosureError(
            "the counts of the board document contradict each other, so that nothing can be "
            "said about its masked counts. Make it anew from the run bundle"
        ) from None
    _refuse(found, "masked counts can be recomputed from those that are printed")


def _assert_no_difference(document: Document, before: Document, profile: Profile) -> None:
    earlier, day = earlier_known(before), before["as_of"]
    small = small_differences(counts(document), earlier, profile.threshold)
    _refuse(small, f"counts differ by less than {profile.threshold} from those published for {day}")
    exposed = exposed_if_growing(knowledge(document), earlier, profile.threshold)
    ordered = [cell for cell in counts(document) if cell in exposed]
    ordered += sorted(exposed - set(ordered))
    _refuse(
        ordered,
        f"masked counts can be recomputed with those published for {day}, "
        "if the counts have only grown since",
    )


def _refuse(cells: Iterable[Cell], why: str) -> None:
    found = tuple(cells)
    if found:
        raise DisclosureError(
            f"the board document is not safe to publish: {why}: "
            f"{listed([str(cell) for cell in found])}. It is not written",
            found,
        )
