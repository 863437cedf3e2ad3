"""The law of the gate: whatever is said about an identifier, it is never said itself."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from command_line import SMALL, all_of, audit, job
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import identifiers as sample
from scr_audit.anonymity.plain_text import plain_text

_RUN = 4  # digits of an identifier that may not be repeated in a row


def placed(found: str) -> Iterator[tuple[str, Any]]:
    """An identifier at each place of a record where people put one, by the name of the place."""
    yield "text", job("J1", extra={"note": f"seen with {found} at home"})
    yield "key", job("J1", extra={f"note on {found}": True})
    yield "bare key", job("J1", extra={found: {found: [found]}})
    yield "id", job(found)
    yield "unknown fact", job("J1", **{found: found})
    yield "wrong type", job("J1", done=found)
    yield "item", job("J1", extra={"list": [{"a": found}, found]})
    yield "no record", [found]


def written(folder: Path, number: int, found: str) -> Iterator[tuple[str, Path]]:
    """Files with the identifier in their records, their name, or a broken text."""
    for place, record in placed(found):
        path = folder / f"{number}-{place}.json"
        path.write_text(json.dumps([record]))
        yield place, path
    broken = folder / f"{number}-broken.json"
    broken.write_text(f'[{{"id": "J1", "extra": {{"note": "{found.strip()!s}" {found}')
    yield "broken", broken
    if re.fullmatch(r"[^/\n]+", found):
        path = folder / f"{number} {found}.json"
        path.write_text(json.dumps([job("J1")]))
        yield "file name", path


def repeats(found: str, text: str) -> str | None:
    """What of an identifier a text repeats: the whole, or a run of its digits."""
    plain, said = plain_text(found).text.lower(), plain_text(text).text.lower()
    digits = re.sub(r"\D", "", plain)
    runs = (digits[n : n + _RUN] for n in range(len(digits) - _RUN + 1))
    return next((part for part in (plain, *runs) if part and part in said), None)


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 10**6))
def test_no_identifier_is_ever_repeated(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - invented data, repeatable
    found = {kind: make(random) for kind, make in sample.NUMBERED.items()}
    with tempfile.TemporaryDirectory(prefix="x") as name:
        folder = Path(name)
        commands: dict[str, tuple[str | Path, ...]] = {}
        for number, (kind, value) in enumerate(found.items()):
            for place, path in written(folder, number, value):
                to = folder / f"out-{len(commands)}"
                commands[f"{kind}: {place}: run"] = audit(path, "-o", f"{to}.run.json")
                commands[f"{kind}: {place}: anonymise"] = (
                    "anonymise", path, "-o", f"{to}.json", "--report", f"{to}.fixes.json", *SMALL,
                )  # fmt: skip
        results = all_of(commands, folder)
        for title, result in results.items():
            value = found[title.partition(":")[0]]
            said = (result.out + result.err).replace(name, "")
            report = Path(str(commands[title][-3])) if "anonymise" in title else None
            if report is not None and report.exists():
                said += report.read_text()
            assert repeats(value, said) is None, (title, value, said)
            assert result.code == (2 if title.endswith("run") else result.code), (title, said)
