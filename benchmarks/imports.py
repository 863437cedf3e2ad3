"""Speed and peak memory of imports: `python -m benchmarks.imports [children ...]`.

Each import runs in a process of its own, so that its peak memory is its own. The children are
invented and the same each time. A row also says whether every element with a value has its line
in the report, and with which exit code `run` judged the records (0: all passed the gate).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import census

SIZES = (10_000, 80_000)
MOST_JUDGED = 10_000  # judging takes longer than importing, and shows nothing more
HEAD = (
    "| file | size | children | seconds | children/s | peak memory | elements | accounted for "
    "| run |"
)


def main(sizes: list[int]) -> None:
    print(HEAD)
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            for path in _files(Path(folder), size):
                print(_row(path, size), flush=True)
                path.unlink()


def _row(path: Path, size: int) -> str:
    records = path.with_suffix(".out.ndjson")
    seconds, peak, report = _measured("import", str(path), "-o", str(records))
    elements, told = _elements(path), _told(report)
    judged = "not judged"
    if size <= MOST_JUDGED:
        judged = f"exit {_code(records)}"
    records.unlink()
    megabytes = path.stat().st_size / 1e6
    accounted = "all" if told == elements else f"{told:,}"
    return (
        f"| {path.name} | {megabytes:.0f} MB | {size:,} | {seconds:.1f} | {size / seconds:,.0f} "
        f"| {peak:.0f} MB | {elements:,} | {accounted} | {judged} |"
    )


def _files(folder: Path, size: int) -> Iterator[Path]:
    path = folder / f"census-{size}.xml"
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(census.census(census.children(size)))
    yield path
    documents = (json.dumps(census.document(child)) for child in census.children(size))
    path = folder / f"api-{size}.ndjson"
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{document}\n" for document in documents)
    yield path
    documents = (json.dumps(census.document(child)) for child in census.children(size))
    path = folder / f"api-{size}.json"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("[")
        stream.writelines(f"{',' if n else ''}\n{each}" for n, each in enumerate(documents))
        stream.write("\n]\n")
    yield path


def _measured(*words: str) -> tuple[float, float, str]:
    """Seconds, peak memory in MB, and what is printed, of one command."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "scr_audit", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        printed = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(words)}: exit code {process.returncode}")
    return seconds, used.ru_maxrss / 1024, printed


def _code(records: Path) -> int:
    words = ("run", str(records), "--totals-only", "--quiet")
    command = [sys.executable, "-m", "scr_audit", *words]
    return subprocess.run(command, capture_output=True, check=False).returncode


def _told(report: str) -> int:
    """The elements that the report counts: the lines of the fates, ten characters and words."""
    found = re.findall(r"^([ 0-9,]{10}) {2}\S", report, re.MULTILINE)
    return sum(int(number.replace(",", "")) for number in found)


def _elements(path: Path) -> int:
    """How many elements of the file have a value; a group of others has none."""
    if path.suffix == ".xml":
        counter = _Leaves()
        with path.open("rb") as stream:
            counter.parser.ParseFile(stream)
        return counter.number
    with path.open(encoding="utf-8") as stream:
        return sum(_values(json.loads(line.strip(",\n"))) for line in stream if len(line) > 3)


class _Leaves:
    """Counts the elements of an XML file that have a value, and keeps none of them.

    What this process holds would count as the memory of the ones that it starts.
    """

    def __init__(self) -> None:
        self.number = 0
        self._is_leaf = self._has_text = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._text
        self.parser.EndElementHandler = self._end

    def _start(self, *_: object) -> None:
        self._is_leaf, self._has_text = True, False

    def _text(self, text: str) -> None:
        self._has_text = self._has_text or bool(text.strip())

    def _end(self, _: str) -> None:
        self.number += self._is_leaf and self._has_text
        self._is_leaf = False


def _values(value: object) -> int:
    if isinstance(value, dict):
        return sum(map(_values, value.values()))
    if isinstance(value, list):  # an explicit empty list is told as well
        return sum(map(_values, value)) if value else 1
    return value is not None


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
