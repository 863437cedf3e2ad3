"""Where the facts of a merged record come from: each source's own provenance, kept by pointer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scr_audit.records.provenance import KEY

Origin = dict[str, Any]
Origins = dict[str, Origin]


def origins_of(record: Mapping[str, Any], *, file: str, place: str) -> Origins:
    """The provenance of a record, with the file itself for facts of which it tells nothing."""
    return {"": {"file": file, "place": place}, **(record.get(KEY) or {})}


def origin_at(origins: Origins, pointer: str) -> Origin:
    """The origin of the fact at a pointer: its own, or the nearest above it."""
    while pointer not in origins:
        pointer = pointer.rpartition("/")[0]
    return origins[pointer]


def together(first: Origin, second: Origin) -> Origin:
    """The origin of a fact that two sources say."""
    plain = [each for origin in (first, second) for each in _each(origin)]
    different = [each for n, each in enumerate(plain) if each not in plain[:n]]
    found: Origin = {**{key: value for key, value in first.items() if key != "also"}}
    return {**found, "also": different[1:]} if different[1:] else found


def _each(origin: Origin) -> list[Origin]:
    own = {key: value for key, value in origin.items() if key not in ("also", "said")}
    return [own, *origin.get("also", ())]


def compact(origins: Origins) -> Origins:
    """The same provenance without what the nearest above says already."""
    found: Origins = {}
    for pointer in sorted(origins, key=lambda each: (each.count("/"), each)):
        above = pointer
        while above:
            above = above.rpartition("/")[0]
            if above in found:
                break
        if not pointer or above not in found or found[above] != origins[pointer]:
            found[pointer] = origins[pointer]
    return found
