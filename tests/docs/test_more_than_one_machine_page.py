"""The page about data frames and clusters: its code is run here, as far as libraries are there."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import scr_audit

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "more-than-one-machine.md").read_text(encoding="utf-8")
DAY = date(2025, 6, 30)
COUNT = 60
pytest.importorskip("pyarrow", reason="the recipes go through Arrow")


def code(section: str, language: str = "python") -> str:
    """The code of a section, below that with which all begin."""
    whole = (
        PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0] if section else PAGE.split("\n## ")[0]
    )
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", whole, re.DOTALL))


def run_code(*sections: str) -> dict[str, Any]:
    """The names that the code of some sections leaves; its functions are those of no module."""
    names: dict[str, Any] = {"__name__": "page"}
    for section in ("", *sections):
        exec(compile(code(section), f"(the page, {section})", "exec"), names)  # noqa: S102  # our page
    return names


def inspection(number: int) -> dict[str, Any]:
    exits = [{"name": "yard", "clear": number % 2 > 0, "locked": number % 3 > 0}]
    return {
        "id": f"I-{number}",
        "inspected_on": f"2025-06-{number % 28 + 1:02}",
        "exits": exits if number % 5 else [],
        "alarm_tests": None if number % 4 else [{"tested_on": "2025-05-01", "fault_found": True}],
    }


INSPECTIONS = [inspection(number) for number in range(COUNT)]


@contextlib.contextmanager
def folder_of_the_page(folder: Path) -> Iterator[Path]:
    """A folder as the page speaks of it; it is the current one."""
    shutil.copytree(ROOT / "examples" / "embedding" / "fire-safety", folder / "fire-safety")
    (folder / "inspections").mkdir()
    for number in range(3):
        lines = [json.dumps(record) + "\n" for record in INSPECTIONS[number * 20 :][:20]]
        (folder / "inspections" / f"{number}.ndjson").write_text("".join(lines))
    with contextlib.chdir(folder):
        yield folder


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for one test."""
    with folder_of_the_page(tmp_path) as folder:
        yield folder


def alone(names: dict[str, Any]) -> tuple[scr_audit.Run, list[dict[str, str]]]:
    """The run by this process, and its rows."""
    found: list[dict[str, str]] = []
    run = names["engine"].run(
        INSPECTIONS, as_of=DAY, on_findings=lambda findings: found.extend(names["rows"](findings))
    )
    return run, found


def test_a_table_of_arrow_gives_the_findings_of_its_records(folder: Path) -> None:
    names = run_code("pandas, Polars, DuckDB")
    _, expected = alone(names)
    table = names["pyarrow"].Table.from_pylist(INSPECTIONS)
    assert names["findings_of"](table).to_pylist() == expected


@pytest.mark.parametrize("library", ["pandas", "polars", "duckdb"])
def test_frames_of_a_library_give_the_findings_of_their_records(
    folder: Path, library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    names = run_code("pandas, Polars, DuckDB")
    pyarrow = names["pyarrow"]
    table = pyarrow.Table.from_pylist(INSPECTIONS)
    frame = module.DataFrame(INSPECTIONS) if library == "pandas" else module.from_arrow(table)
    assert names["findings_of"](frame).to_pylist() == alone(names)[1]
    assert capsys.readouterr().out == ""


def test_what_pandas_has_for_nothing_is_not_recorded_and_a_bool_of_numpy_is_one(
    folder: Path,
) -> None:
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    names = run_code("pandas, Polars, DuckDB")
    locked = {"name": "yard", "clear": numpy.bool_(True), "locked": float("nan")}
    frame = pandas.DataFrame(
        {
            "id": ["a", "b"],
            "inspected_on": [pandas.Timestamp("2025-06-10"), pandas.NaT],
            "exits": [[locked], float("nan")],
        }
    )
    assert list(names["records"](frame)) == [
        {
            "id": "a",
            "inspected_on": pandas.Timestamp("2025-06-10"),
            "exits": [{"name": "yard", "clear": True, "locked": None}],
        },
        {"id": "b", "inspected_on": None, "exits": None},
    ]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose scheduler and two workers were started as the page says."""
    pytest.importorskip("distributed", reason="Dask is not installed")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(folder_of_the_page(tmp_path_factory.mktemp("cluster")))
        for line in code("Dask", "console").splitlines():
            _, *words = shlex.split(line)
            more = ("--port", "0") if "scheduler" in words else ()  # whichever is free
            running = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, *more, "--no-dashboard"],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(running.wait)
            stack.callback(running.terminate)
            while not (folder / "cluster.json").exists():
                assert running.poll() is None
                time.sleep(0.05)
        yield folder


def test_a_cluster_of_dask_gives_the_findings_and_totals_of_one_process(cluster: Path) -> None:
    names = run_code("Dask")
    run, expected = alone(names)
    parts = sorted((cluster / "findings").glob("*.parquet"))
    read = names["pyarrow"].parquet.read_table
    assert [row for part in parts for row in read(part).to_pylist()] == expected
    assert (names["run"].totals, len(parts)) == (run.totals, 3)
    assert names["run"].totals.judged == COUNT


def slow_rows(findings: list[scr_audit.Finding]) -> list[tuple[str, str, str]]:
    time.sleep(0.01)  # so that every worker is busy when one is killed
    return [(finding.record, finding.rule, finding.outcome) for finding in findings]


def test_a_worker_of_dask_that_is_killed_in_the_middle_loses_and_doubles_nothing(
    cluster: Path,
) -> None:
    from distributed import Client

    engine = run_code()["engine"]
    expected: list[Any] = []
    whole = engine.run(INSPECTIONS * 2, as_of=DAY, render=slow_rows, on_findings=expected.extend)
    found: list[Any] = []
    with Client(scheduler_file="cluster.json", set_as_default=False) as client:
        client.wait_for_workers(2)
        processes = list(client.run(os.getpid).values())

        def keep(rows: list[Any]) -> None:
            found.extend(rows)
            if processes and len(found) > len(expected) // 3:
                os.kill(processes.pop(), signal.SIGKILL)
                processes.clear()

        run = engine.run(
            INSPECTIONS * 2,
            as_of=DAY,
            render=slow_rows,
            on_findings=keep,
            executor=client.get_executor(pure=False),
        )
    assert not processes
    assert found == expected
    assert (run.totals, run.left_out) == (whole.totals, whole.left_out)
    assert run.left_out_count == COUNT  # the second of each id


def test_spark_gives_the_findings_and_totals_of_one_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark", reason="Spark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    names = run_code()
    for name in ("PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON"):
        monkeypatch.setenv(name, sys.executable)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv(
        "PYSPARK_SUBMIT_ARGS", "--master local[2] --conf spark.ui.enabled=false pyspark-shell"
    )
    pyarrow = names["pyarrow"]
    table = pyarrow.Table.from_pylist(INSPECTIONS)
    pyarrow.parquet.write_table(table, "inspections.parquet", row_group_size=20)
    names = run_code("Spark")
    names["spark"].stop()
    run, expected = alone(names)
    assert names["run"].totals == run.totals
    rows = pyarrow.parquet.read_table("findings").to_pylist()
    assert sorted(rows, key=str) == sorted(expected, key=str)
