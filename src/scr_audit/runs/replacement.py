"""Drawn records that cannot be audited, and the first of the reserve in the place of each.

Which record comes in is never anybody's choice: it is the first of the reserve, of the same
stratum, that has not come in yet. The draw itself stays as it was.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scr_audit.errors import InputError, did_you_mean
from scr_audit.records.ids import normal_id

if TYPE_CHECKING:
    from scr_audit.runs.sample_models import SampleDocument


def ids_in_use(sample: SampleDocument) -> tuple[str, ...]:
    """The records to audit, in drawing order, each that was replaced by its replacement."""
    return tuple(normal_id(_last(item.id, _replaced_by(sample))) for item in sample.drawn)


def ids_ever_drawn(sample: SampleDocument) -> tuple[str, ...]:
    """The drawn records, and those of the reserve that came in."""
    ids = (*(item.id for item in sample.drawn), *(item.by for item in sample.replaced))
    return tuple(map(normal_id, ids))


def with_replacement(
    sample: SampleDocument, name: str, *, reason: str, by_role: str, on: date
) -> SampleDocument:
    """The sample in which the first of the reserve takes the place of the record `name`.

    Raises `InputError` where `name` is not in use, or the reserve has no record left for it.
    """
    from scr_audit.runs.sample_models import ReplacedInfo

    name = normal_id(name)
    _check_in_use(sample, name)
    if on < sample.drawn_on:
        raise InputError(
            f"'{name}' cannot be replaced on {on}: the sample was drawn on {sample.drawn_on}"
        )
    by = _first_left(sample, name)
    added = ReplacedInfo(id=name, by=by, reason=reason, by_role=by_role, on=on)
    return sample.model_copy(update={"replaced": [*sample.replaced, added]})


def check_replacements(sample: SampleDocument) -> None:
    """Replay them. Raises `InputError` at one that the order of the reserve does not give."""
    replayed = sample.model_copy(update={"replaced": []})
    for item in sample.replaced:
        replayed = with_replacement(
            replayed, item.id, reason=item.reason, by_role=item.by_role, on=item.on
        )
        if replayed.replaced[-1].by != item.by:
            raise InputError(
                f"'{item.id}' is replaced by '{item.by}', and the first of the reserve was "
                f"'{replayed.replaced[-1].by}'; a replacement is never chosen"
            )


def _replaced_by(sample: SampleDocument) -> dict[str, str]:
    return {item.id: item.by for item in sample.replaced}


def _last(name: str, replaced_by: dict[str, str]) -> str:
    while name in replaced_by:
        name = replaced_by[name]
    return name


def _check_in_use(sample: SampleDocument, name: str) -> None:
    for item in sample.replaced:
        if item.id == name:
            raise InputError(
                f"'{name}' was replaced already, by '{item.by}' on {item.on}: {item.reason}"
            )
    in_use = ids_in_use(sample)
    if name in in_use:
        return
    if name in {item.id for item in sample.reserve}:
        raise InputError(f"'{name}' is in the reserve and not in use: there is nothing to replace")
    raise InputError(f"the sample did not draw '{name}'.{did_you_mean(name, in_use)}")


def _first_left(sample: SampleDocument, name: str) -> str:
    stratum = {item.id: item.stratum for item in [*sample.drawn, *sample.reserve]}[name]
    used = {item.by for item in sample.replaced}
    for item in sample.reserve:
        if item.stratum == stratum and item.id not in used:
            return item.id
    of = f" of the stratum {', '.join(stratum)}" if stratum else ""
    raise InputError(
        f"the reserve has no record{of} left for '{name}'. Draw the sample again with the same "
        "seed and a larger --reserve: the same records are drawn, and replacements can be entered "
        "anew"
    )
