"""Samples that were drawn before: read back, and drawn records that cannot be audited replaced.

Which record comes in is never anybody's choice: it is the first of the reserve, of the same
stratum, that has not come in yet. The draw itself stays as it was.
"""

from __future__ import annotations

from datetime import MAXYEAR, date
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.anonymity.patterns import IDENTIFIERS
from scr_audit.anonymity.scan import scan_record
from scr_audit.errors import InputError, did_you_mean
from scr_audit.runs.stored import read_json
from scr_audit.values.period import after
from scr_audit.values.text import normal_text

if TYPE_CHECKING:
    from scr_audit.documents.sample import SampleDocument


def read_sample(path: Path | str) -> SampleDocument:
    """A sample from its `.json` file.

    Raises `InputError` where it is none, where its draw was changed by hand, or where a
    replacement is not the one that the reserve's order gives.
    """
    from scr_audit.documents.sample import draw_sha256

    path = Path(path)
    sample = _parsed(path)
    if draw_sha256(sample) != sample.sha256:
        raise InputError(
            f"{path}: is not as it was drawn: its content does not have the SHA-256 that it names "
            f"({_short(sample.sha256)}). Take the file as it was written, or draw again with "
            "the same seed; replacements are entered with 'replace'"
        )
    try:
        check_replacements(sample)
    except InputError as error:
        raise InputError(f"{path}: replaced: {error}") from error
    for found in scan_record(sample.model_dump(mode="json")):
        raise InputError(f"{path}: {found.pointer}: {IDENTIFIERS[found.kind].name}; say it without")
    return sample


def _parsed(path: Path) -> SampleDocument:
    from pydantic import ValidationError

    from scr_audit.documents.sample import SampleDocument

    found = read_json(path)
    try:
        return SampleDocument.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "/".join(str(step) for step in first["loc"]) or "the whole file"
        raise InputError(
            f"{path}: is not the file of a sample: {place}: {first['msg'].lower()}"
        ) from error


def _short(sha256: str) -> str:
    return f"{sha256[:12]}…" if len(sha256) > 12 else sha256


def ids_in_use(sample: SampleDocument) -> tuple[str, ...]:
    """The records to audit, in drawing order, each that was replaced by its replacement."""
    return tuple(normal_text(_last(item.id, _replaced_by(sample))) for item in sample.drawn)


def ids_ever_drawn(sample: SampleDocument) -> tuple[str, ...]:
    """The drawn records, and those of the reserve that came in."""
    ids = (*(item.id for item in sample.drawn), *(item.by for item in sample.replaced))
    return tuple(map(normal_text, ids))


def with_replacement(
    sample: SampleDocument, name: str, *, reason: str, by_role: str, on: date
) -> SampleDocument:
    """The sample in which the first of the reserve takes the place of the record `name`.

    Raises `InputError` where `name` is not in use, or the reserve has no record left for it.
    """
    from scr_audit.documents.sample import ReplacedInfo

    name = normal_text(name)
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
        "seed and a larger reserve: the same records are drawn, and replacements can be entered "
        "anew"
    )


def recently_drawn(sample: SampleDocument, span: str, *, as_of: date) -> dict[str, date]:
    """The records that a sample drew within `span` before `as_of`, each with the day.

    Those of its reserve that came in are among them. `span` is such as `12 months`.
    """
    if drawable_from(sample.drawn_on, span) <= as_of:
        return {}
    return dict.fromkeys(ids_ever_drawn(sample), sample.drawn_on)


def drawable_from(day: date, span: str) -> date:
    """The first day on which a record that was drawn on `day` may be drawn again.

    A month later is the same day of it, or its last one. Past the calendar it is the last day.
    """
    try:
        return after(day, span)
    except (OverflowError, ValueError):
        return date(MAXYEAR, 12, 31)
