"""How much faster two processes are than one: `python -m benchmarks --processes`.

Findings with reasons and remedies, and totals alone, by the processes of `--jobs` and by two
workers of Dask on this machine (skipped where it is not installed). Each is judged by all in turn,
in the best of several rounds. What is compared is time on the clock, which another program takes
from two processes and not from one: the load is printed, and should be below 1 when it begins.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import scr_audit
from benchmarks.records import write_ndjson
from scr_audit.audit import run_audit
from scr_audit.packs.pack import Pack
from scr_audit.runs.bundle import Spool

AS_OF = date(2026, 1, 1)
WORKERS = 2
WITH_FINDINGS, COUNTED = 240, 20_000
ROUNDS = 2


def main(rounds: int = ROUNDS) -> None:
    """Print the table."""
    pack = scr_audit.load_pack()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        few, many = folder / "few.ndjson", folder / "many.ndjson"
        write_ndjson(few, WITH_FINDINGS, seed=1)
        write_ndjson(many, COUNTED, seed=1)
        workers = stack.enter_context(cluster(folder)) if find_spec("distributed") else None
        print(f"## Two processes against one, load {os.getloadavg()[0]:.1f} at the beginning\n")
        print("| what | one process, s | two, s | times as fast |")
        print("| --- | ---: | ---: | ---: |")
        what = f"{WITH_FINDINGS} records, findings with reasons and remedies"
        row(f"{what}: `--jobs 2`", rounds, *(audits(pack, few, n) for n in (1, WORKERS)))
        what = f"{COUNTED:,} records, totals"
        row(
            f"{what}: `--jobs 2`",
            rounds,
            *(audits(pack, many, n, keep_findings=False) for n in (1, WORKERS)),
        )
        if workers is not None:
            what = f"{WITH_FINDINGS} records, findings with reasons and remedies"
            row(f"{what}: Dask", rounds, findings(pack, few, None), findings(pack, few, workers))
    print(f"\nLoad {os.getloadavg()[0]:.1f} at the end\n")


def row(what: str, rounds: int, one: Callable[[], object], two: Callable[[], object]) -> None:
    """Time both in turn, and print the best of each and their ratio."""
    best = [float("inf")] * 2
    for _ in range(rounds):
        for place, run in enumerate((one, two)):
            start = time.perf_counter()
            run()
            best[place] = min(best[place], time.perf_counter() - start)
    print(f"| {what} | {best[0]:.1f} | {best[1]:.1f} | {best[0] / best[1]:.2f} |", flush=True)


def audits(pack: Pack, path: Path, jobs: int, *, keep_findings: bool = True) -> Callable[[], None]:
    """A whole audit without its reports."""

    def run() -> None:
        with run_audit(path, pack=pack, as_of=AS_OF, jobs=jobs, keep_findings=keep_findings):
            pass

    return run


def findings(pack: Pack, path: Path, executor: Executor | None) -> Callable[[], None]:
    """All findings with reasons and remedies, by an executor or by this process."""

    def run() -> None:
        engine = scr_audit.compile_pack(pack)
        with Spool() as spool:
            engine.run(
                path,
                as_of=AS_OF,
                render=spool.render,
                on_findings=spool.write,
                executor=executor,
            )

    return run


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Executor]:
    """The executor of a scheduler and two workers, each a process of this machine."""
    from distributed import Client

    file = folder / "cluster.json"
    with contextlib.ExitStack() as stack:
        for words in (("scheduler", "--port", "0"), ("worker", "--nworkers", str(WORKERS))):
            threads = ("--nthreads", "1") if words[0] == "worker" else ()
            command = [sys.executable, "-m", "dask", *words, *threads, "--no-dashboard"]
            running = subprocess.Popen(
                [*command, "--scheduler-file", file],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(running.wait)
            stack.callback(running.terminate)
            while not file.exists():
                time.sleep(0.1)
        client = stack.enter_context(Client(scheduler_file=str(file)))
        client.wait_for_workers(WORKERS)
        yield client.get_executor(pure=False)


if __name__ == "__main__":
    main()
