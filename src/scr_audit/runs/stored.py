"""Run bundles read back, in the newest format: whole, or the findings one by one."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec

from scr_audit.anonymity.patterns import IDENTIFIERS, check_name
from scr_audit.anonymity.scan import Scanner
from scr_audit.documents.parts import AnonymityInfo, checker
from scr_audit.documents.run import FindingInfo, RecordInfo, RunBundle, RunHead
from scr_audit.errors import InputError, translate_os_errors
from scr_audit.records.json_text import KeyTwiceError, decode_json, outer_key_twice
from scr_audit.records.raw import Json
from scr_audit.runs.bundle import RUN_FORMAT, RUN_VERSION
from scr_audit.stats.shares import rates
from scr_audit.values.text import utf8

if TYPE_CHECKING:
    from pydantic import ValidationError


_STORE = b"SQLite format 3\0"
_EDITIONS = {"scr-audit/board": "the board", "scr-audit/public": "the public"}


def read_bundle(path: Path | str) -> RunBundle:
    """A run bundle from its `.json` file. Raises `InputError` where it is none."""
    path = Path(path)
    found = read_json(path)
    check_bundle(path, found)
    bundle = _validate_bundle(path, newest(found))
    check_bundle_anonymous(path, bundle.get("anonymity"), [("", msgspec.json.encode(found))])
    return bundle


def check_bundle_anonymous(
    path: Path, anonymity: AnonymityInfo | None, parts: Iterable[tuple[str, bytes]]
) -> None:
    """Refuse a bundle that holds an identifier, unless its run had a reason to allow it.

    One may be of an older version, which knew fewer identifiers. `parts` are JSON texts, each with
    its pointer. Raises `InputError`.
    """
    check_name(path)
    if anonymity is not None and anonymity["allowed"] is not None:
        return
    scanner = Scanner()
    for pointer, part in parts:
        for found in scanner.scan(part):
            # Sentences put words of the pack beside days of events; its facts were looked at.
            if found.kind == "birth_date" and found.pointer.endswith(_SENTENCES):
                continue
            raise InputError(
                f"{path}: {pointer}{found.pointer}: {IDENTIFIERS[found.kind].name}. Run the audit "
                "again: it says where the records hold it"
            )


def newest(found: dict[str, Json]) -> dict[str, Any]:
    """A bundle, or the head of one, in the newest format version.

    Comparisons of version 1, which tested units and not records, are left out.
    """
    made = {**found, "format_version": RUN_VERSION}
    if found.get("format_version") == 1:
        made.pop("trend", None)
        made |= {"compared": None} if "compared" in made else {}
        for name in ("totals", "recommendations", "rules"):
            if name in made:
                made[name] = _upgrade_rates(made[name])
        if isinstance(findings := found.get("findings"), list):
            made["findings"] = [newest_finding(finding) for finding in findings]
        exceptions = found.get("exceptions")
        if isinstance(exceptions, dict) and isinstance(entries := exceptions.get("entries"), list):
            keyed = [{"key": None, **one} if isinstance(one, dict) else one for one in entries]
            made["exceptions"] = {**exceptions, "entries": keyed}
    return made


def _upgrade_rates(found: object) -> Any:
    """Rates whose interval is of chance alone; in version 1 it was of missing evidence too."""
    if isinstance(found, list):
        return [_upgrade_rates(item) for item in found]
    if not isinstance(found, dict):
        return found
    units: Any = found.get("units") or found.get("totals")
    try:
        interval = rates(*(units[name] for name in ("met", "not_met", "not_evidenced"))).interval
        return {**found, "rates": {**found["rates"], "interval": interval and list(interval)}}
    except (KeyError, TypeError, ValueError):  # reported where the bundle is checked
        return found


def newest_finding(found: object) -> Any:
    """A finding in the newest format version.

    Version 1 knew a unit by its place, which means nothing in another run: so its key is unknown,
    but for the record itself and for a list of it.
    """
    if not isinstance(found, dict) or "key" in found:
        return found
    in_list = any(step.isdigit() for step in str(found.get("unit")).split("/"))
    return {**found, "key": None if in_list else [], "key_named": not in_list}


def read_json(path: Path) -> Any:
    """The value in a JSON file of ours. Raises `InputError` where it cannot be read."""
    content = _content(path)
    try:
        return decode_json(utf8(content))
    except KeyTwiceError as error:
        raise InputError(f"{path}: {error}") from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise not_json(path, error) from error


def not_json(path: Path, error: Exception) -> InputError:
    """The error of a file that was cut short or damaged, or is no bundle at all."""
    if isinstance(error, KeyTwiceError):  # in a part of it; its places are told in the whole
        try:
            read_json(path)
        except InputError as found:
            return found
    with contextlib.suppress(OSError), path.open("rb") as file:
        if file.read(len(_STORE)) == _STORE:
            return InputError(
                f"{path}: is a store of runs, and is not JSON. Name one of its "
                "runs by its id, or last, and this file as the store"
            )
    return InputError(
        f"{path}: is not JSON: {error}. If it was cut short or damaged, take a copy or make it anew"
    )


def check_bundle(path: Path, found: object) -> None:
    """Refuse what is no run bundle of a known version. Raises `InputError`."""
    written = found.get("format") if isinstance(found, dict) else None
    if isinstance(written, str) and written in _EDITIONS:
        raise InputError(
            f"{path}: is {_EDITIONS[written]} edition of a run, which has no findings. Give the "
            "auditor's run bundle that it was made from"
        )
    if written != RUN_FORMAT:
        said = f"the format {written!r}" if isinstance(written, str) else "something else"
        raise InputError(
            f"{path}: holds {said}; expected a run bundle ({RUN_FORMAT}), as a run writes it"
        )
    assert isinstance(found, dict), "as its format was just read"
    if found.get("format_version") not in range(1, RUN_VERSION + 1):
        raise InputError(
            f"{path}: is a run bundle of format version {found.get('format_version')!r}; this "
            f"scr-audit reads versions up to {RUN_VERSION}. Run the audit again, or use the "
            "scr-audit that wrote it"
        )


def _validate_bundle(path: Path, found: dict[str, Json]) -> RunBundle:
    # Pydantic takes a fifth of a second to import, which only this needs.
    from pydantic import ValidationError

    try:
        checker(RunBundle)(found)
    except ValidationError as error:
        raise not_whole(path, error) from error
    bundle = cast("RunBundle", found)  # as was just checked
    _check_sums(path, bundle, bundle["findings"])
    return bundle


def _check_sums(path: Path, head: RunHead, findings: Iterable[FindingInfo]) -> None:
    """Refuse findings of rules that the bundle does not list, and sums that do not add up.

    A bundle may have totals alone.
    """
    each: list[tuple[str, Any]] = [(rule["id"], rule["totals"]) for rule in head["rules"]]
    rules = dict(each)
    found: Counter[tuple[str, str]] = Counter()
    wrong = f"{path}: is not a whole run bundle: "
    for number, finding in enumerate(findings):
        judged_by = finding["rule"]
        if judged_by not in rules:
            raise InputError(
                f"{wrong}findings/{number}/rule: there is no rule '{judged_by}' among its rules"
            )
        found[judged_by, finding["outcome"]] += 1
    for name, count in head["totals"]["units"].items():
        summed = sum(totals[name] for _, totals in each)
        if count != summed:
            raise InputError(f"{wrong}totals/units/{name}: found {count}; its rules have {summed}")
        for number, (id, totals) in enumerate(rules.items()):
            if found and found[id, name] != totals[name]:
                raise InputError(
                    f"{wrong}rules/{number}/totals/{name}: found {totals[name]}; its findings are "
                    f"{found[id, name]}"
                )


def not_whole(path: Path, error: ValidationError, at: tuple[str | int, ...] = ()) -> InputError:
    """The error of a bundle that is not whole; `at` is the place of the part that was read."""
    first = error.errors(include_url=False)[0]
    place = "/".join(str(step) for step in (*at, *first["loc"]))
    more = f" and {error.error_count() - 1} more" if error.error_count() > 1 else ""
    said = first["msg"][:1].lower() + first["msg"][1:]
    return InputError(f"{path}: is not a whole run bundle: {place}: {said}{more}")


_LISTS = ("records", "findings")
_SENTENCES = ("/reason", "/remedy/text")
_Parts = dict[str, msgspec.Raw]


@dataclass(frozen=True)
class StreamedBundle:
    """A run bundle that was found to be whole. `head` has no records and no findings.

    `sha256` is of the file, `findings` how many there are.
    """

    path: Path
    head: RunHead
    sha256: str
    findings: int

    def each_finding(self) -> Iterator[FindingInfo]:
        """The findings, read anew. Raises `InputError` where the file has changed since."""
        content = _content(self.path)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise InputError(
                f"{self.path}: was changed while it was being added; nothing of it was kept. "
                "Add it again"
            )
        for raw in _items(_parts(self.path, content), "findings"):
            yield newest_finding(msgspec.json.decode(raw))


def stream_bundle(path: Path | str) -> StreamedBundle:
    """The bundle in a file, checked throughout. Raises `InputError` where it is none."""
    path = Path(path)
    content = _content(path)
    parts = _parts(path, content)
    try:
        named = {name: decode_json(bytes(raw)) for name, raw in parts.items() if name not in _LISTS}
        check_bundle(path, named)
        upgrade = newest_finding if named["format_version"] == 1 else None
        named = newest(named)
        lists = {name: _items(parts, name) for name in _LISTS if name in parts}
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: is not a whole run bundle: {error}") from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise not_json(path, error) from error
    head = _validate(path, named, lists, upgrade)
    check_bundle_anonymous(path, head.get("anonymity"), _texts(parts, lists))
    count = len(lists["findings"])
    return StreamedBundle(path, head, hashlib.sha256(content).hexdigest(), count)


def _texts(
    parts: _Parts, lists: Mapping[str, Sequence[msgspec.Raw]]
) -> Iterator[tuple[str, bytes]]:
    """The parts of a bundle with their pointers, its lists item by item."""
    for name, raw in parts.items():
        if name not in lists:
            yield f"/{name}", bytes(raw)
    for name, items in lists.items():
        for number, raw in enumerate(items):
            yield f"/{name}/{number}", bytes(raw)


def _content(path: Path) -> bytes:
    with translate_os_errors(path):
        return path.read_bytes()


def _parts(path: Path, content: bytes) -> _Parts:
    """The values of the bundle by name, each a stretch of the file that is not decoded yet."""
    try:
        text = utf8(content)
        parts = msgspec.json.decode(text, type=_Parts)
    except msgspec.ValidationError:
        check_bundle(path, None)
        raise
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise not_json(path, error) from error
    if (twice := outer_key_twice(text, parts)) is not None:
        raise InputError(f"{path}: {twice}")
    return parts


def _items(parts: _Parts, name: str) -> list[msgspec.Raw]:
    return msgspec.json.decode(parts[name], type=list[msgspec.Raw])


def _validate(
    path: Path,
    named: dict[str, Json],
    lists: Mapping[str, Sequence[msgspec.Raw]],
    upgrade: Callable[[object], object] | None,
) -> RunHead:
    # Pydantic takes a fifth of a second to import, which only this needs.
    from pydantic import ValidationError

    place: tuple[str | int, ...] = ()

    def checked(name: str, document: type[object]) -> Iterator[Any]:
        nonlocal place
        check = checker(document)
        for number, raw in enumerate(lists[name]):
            place = (name, number)
            item = decode_json(bytes(raw))
            yield check(upgrade(item) if upgrade and name == "findings" else item)

    try:
        checker(RunBundle)({**named, **{name: [] for name in lists}})
        for _ in checked("records", RecordInfo):
            pass
        head = cast("RunHead", named)  # as was just checked
        _check_sums(path, head, checked("findings", FindingInfo))
    except ValidationError as error:
        raise not_whole(path, error, place) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise not_json(path, error) from error
    return head
