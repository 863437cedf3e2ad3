"""Speed and peak memory of imports: `python -m benchmarks.imports [children ...]`.

Each import runs in a process of its own, so that its peak memory is its own. The children are
invented and the same each time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import census

SIZES = (10_000, 80_000)


def main(sizes: list[int]) -> None:
    print("| file | size | children | children/s | peak memory |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            for path in _files(Path(folder), size):
                seconds, peak = _measured(path)
                megabytes = path.stat().st_size / 1e6
                speed = f"{size / seconds:,.0f}"
                print(f"| {path.name} | {megabytes:.0f} MB | {size:,} | {speed} | {peak:.0f} MB |")
                path.unlink()


def _files(folder: Path, size: int) -> Iterator[Path]:
    path = folder / f"census-{size}.xml"
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(census.census(census.children(size)))
    yield path
    path = folder / f"api-{size}.ndjson"
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(
            f"{json.dumps(census.document(child))}\n" for child in census.children(size)
        )
    yield path


def _measured(path: Path) -> tuple[float, float]:
    """Seconds, and peak memory in MB, of one import by the command line."""
    code = "import resource, sys; from scr_audit.cli.app import run_app; run_app(sys.argv[1:]); "
    code += "sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))"
    words = ["import", str(path), "-o", str(path.with_suffix(".out.ndjson"))]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - start, int(done.stderr.split()[-1].rsplit(".", 1)[-1]) / 1024


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
