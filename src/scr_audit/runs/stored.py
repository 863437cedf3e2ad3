"""Run bundles that were written before, read back; those of an older format as the newest."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from scr_audit.anonymity.patterns import IDENTIFIERS
from scr_audit.anonymity.safe_names import check_name
from scr_audit.anonymity.scan import Scanner
from scr_audit.errors import InputError
from scr_audit.records.json_text import KeyTwiceError, decode_json
from scr_audit.runs.bundle import FORMAT, FORMAT_VERSION
from scr_audit.runs.statistics import rates
from scr_audit.values.encoding import utf8

if TYPE_CHECKING:
    from pydantic import ValidationError

_STORE = b"SQLite format 3\0"
_EDITIONS = {"scr-audit/board": "the board", "scr-audit/public": "the public"}


def read_bundle(path: Path) -> dict[str, Any]:
    """A run bundle from its `.json` file. Raises `InputError` where it is none."""
    found = read_json(path)
    check_format(path, found)
    bundle = _validated(path, newest(found))
    check_bundle_anonymous(path, bundle["anonymity"], [("", msgspec.json.encode(found))])
    return bundle


def check_bundle_anonymous(path: Path, anonymity: Any, parts: Iterable[tuple[str, bytes]]) -> None:
    """Refuse a bundle that tells who somebody is, unless its run had a reason to allow it.

    One may be of an older version, which knew fewer identifiers. `parts` are JSON texts, each with
    its pointer. Raises `InputError`.
    """
    check_name(path)
    if anonymity is not None and anonymity["allowed"] is not None:
        return
    scanner = Scanner()
    for pointer, part in parts:
        for found in scanner.scan(part):
            raise InputError(
                f"{path}: {pointer}{found.pointer}: {IDENTIFIERS[found.kind].name}. Run the audit "
                "again: 'run' says where the records hold it"
            )


def newest(found: dict[str, Any]) -> dict[str, Any]:
    """A bundle, or the head of one, in the newest format version.

    What version 1 had made of other runs, by tests of units and not of records, is left out.
    """
    made = {**found, "format_version": FORMAT_VERSION}
    if found.get("format_version") == 1:
        made.pop("trend", None)
        made |= {"compared": None} if "compared" in made else {}
        for name in ("totals", "recommendations", "rules"):
            if name in made:
                made[name] = _rated(made[name])
    if isinstance(found.get("findings"), list):
        made["findings"] = [newest_finding(finding) for finding in found["findings"]]
    exceptions = found.get("exceptions")
    entries = exceptions.get("entries") if isinstance(exceptions, dict) else None
    if found.get("format_version") == 1 and isinstance(entries, list):
        keyed = [{"key": None, **one} if isinstance(one, dict) else one for one in entries]
        made["exceptions"] = {**found["exceptions"], "entries": keyed}
    return made


def _rated(found: Any) -> Any:
    """Rates whose interval is of chance alone; in version 1 it was of missing evidence too."""
    if isinstance(found, list):
        return [_rated(item) for item in found]
    if not isinstance(found, dict):
        return found
    units: Any = found.get("units") or found.get("totals")
    try:
        interval = rates(*(units[name] for name in ("met", "not_met", "not_evidenced"))).interval
    except (KeyError, TypeError, ValueError):  # told where the bundle is checked
        return found
    return {**found, "rates": {**found["rates"], "interval": interval and list(interval)}}


def newest_finding(found: Any) -> Any:
    """A finding in the newest format version.

    Version 1 knew a unit by its place, which tells nothing about it in another run: its key is not
    known, but of the record itself and of a list of it.
    """
    if not isinstance(found, dict) or "key" in found:
        return found
    in_list = any(step.isdigit() for step in str(found.get("unit")).split("/"))
    return {**found, "key": None if in_list else [], "key_named": not in_list}


def read_json(path: Path) -> Any:
    """The value in a JSON file of ours. Raises `InputError` where it cannot be read."""
    try:
        return decode_json(utf8(path.read_bytes()))
    except KeyTwiceError as error:
        raise InputError(f"{path}: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise not_json(path, error) from error


def not_json(path: Path, error: Exception) -> InputError:
    """What is told of a file of ours that was cut short, or damaged, or never was one."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        if file.read(len(_STORE)) == _STORE:
            return InputError(
                f"{path}: is a store; expected a run. Name one of its runs: "
                f"--store {path}, and the id of the run, or last"
            )
    return InputError(
        f"{path}: is not JSON: {error}. If it was cut short or damaged, take a copy or make it anew"
    )


def check_format(path: Path, found: Any) -> None:
    """Refuse what is no run bundle of this version, whatever else it is. Raises `InputError`."""
    written = found.get("format") if isinstance(found, dict) else None
    if isinstance(written, str) and written in _EDITIONS:
        raise InputError(
            f"{path}: is {_EDITIONS[written]} edition of a run, which has no findings. Give the "
            "auditor's run bundle that it was made from"
        )
    if written != FORMAT:
        said = f"the format {written!r}" if isinstance(written, str) else "something else"
        raise InputError(
            f"{path}: holds {said}; expected a run bundle ({FORMAT}), as `run -o run.json` writes"
        )
    if found.get("format_version") not in range(1, FORMAT_VERSION + 1):
        raise InputError(
            f"{path}: is a run bundle of format version {found.get('format_version')!r}; this "
            f"scr-audit reads versions up to {FORMAT_VERSION}. Run the audit again, or use the "
            "scr-audit that wrote it"
        )


def _validated(path: Path, found: dict[str, Any]) -> dict[str, Any]:
    # Pydantic takes a fifth of a second to import, which only this needs.
    from pydantic import ValidationError

    from scr_audit.runs.models import RunBundle

    try:
        RunBundle.model_validate(found)
    except ValidationError as error:
        raise told_invalid(path, error) from error
    return found


def told_invalid(path: Path, error: ValidationError, at: tuple[str | int, ...] = ()) -> InputError:
    """What is wrong with a bundle, in words; `at` is where the part that was looked at stands."""
    first = error.errors(include_url=False)[0]
    place = "/".join(str(step) for step in (*at, *first["loc"]))
    more = f" and {error.error_count() - 1} more" if error.error_count() > 1 else ""
    return InputError(f"{path}: is not a whole run bundle: {place}: {first['msg'].lower()}{more}")
