"""Laws of runs: the parts of any split add up to the whole, wherever they are judged."""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from budget import share
from hypothesis import given
from hypothesis import strategies as st
from strategies import RECORDS, Audit, as_of_days, as_yaml, audits, write_pack

import scr_audit.engine as engine_module
from scr_audit import Engine, Finding, Run, load_pack
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import load_plan
from scr_audit.runs.bundle import Spool, bundle_bytes, bundle_head

AS_OF = date(2010, 4, 2)


class InTurn(Executor):
    """An executor that does each job when it is given, in this thread."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def parts(records: list[Any], cuts: list[int]) -> Iterator[list[Any]]:
    """The records cut at some places."""
    edges = [0, *sorted(cut % (len(records) + 1) for cut in cuts), len(records)]
    for start, end in pairwise(edges):
        yield records[start:end]


def wrong_records(draw: Callable[..., Any], records: list[Any]) -> list[Any]:
    """The records with some that do not fit the schema between them."""
    wrong: list[Any] = [{"id": 5}, {}, b"{", b"[]", {"id": "W", "asked": 1}, b'{"id": "\xff"}']
    found = list(records)
    for record in draw(st.lists(st.sampled_from(wrong), max_size=4)):
        found.insert(draw(st.integers(0, len(found))), record)
    return found


@share(8, records=2 * RECORDS)
@given(st.data(), audits(likely=True), as_of_days())
def test_the_runs_of_any_split_add_up_to_the_run_of_the_whole(
    data: st.DataObject, audit: Audit, as_of: date | None
) -> None:
    engine = Engine(audit.pack)
    records = wrong_records(data.draw, audit.records)
    cuts = data.draw(st.lists(st.integers(0, 100), max_size=4))
    whole = engine.run(records, as_of=as_of)
    runs = [engine.run(part, as_of=as_of) for part in parts(records, cuts)]
    merged = reduce(Run.merge, runs, engine.run([], as_of=as_of))
    assert merged.totals == whole.totals
    assert merged.left_out_count == whole.left_out_count == len(records) - len(audit.records)


# In each row are ids that look alike.
LOOKS = [["c1", "C1", "cl", "CI"], ["ab", "АВ", "aв"], ["w", "W"]]


@share(4, records=2 * RECORDS)
@given(st.data(), audits(likely=True), as_of_days())
def test_runs_of_files_merged_in_any_order_of_merging_are_the_run_of_all_files(
    data: st.DataObject, audit: Audit, as_of: date | None
) -> None:
    """To the last place of a remark, however the merging is bracketed."""
    engine = Engine(audit.pack)
    ids = data.draw(st.permutations([id for row in LOOKS for id in row]))
    records = [{**record, "id": id} for record, id in zip(audit.records, ids, strict=False)]
    lines = [
        line if isinstance(line, bytes) else json.dumps(line).encode()
        for line in wrong_records(data.draw, [*audit.records[len(records) :], *records])
    ]
    cuts = data.draw(st.lists(st.integers(0, 100), max_size=4))
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, part in enumerate(parts(lines, cuts)):
            if part:
                files.append(Path(folder) / f"{number}.ndjson")
                files[-1].write_bytes(b"\n".join(part))
        whole = engine.run(files, as_of=as_of)
        runs = [engine.run(file, as_of=as_of) for file in files]
    runs.insert(data.draw(st.integers(0, len(runs))), engine.run([], as_of=as_of))
    assert said(reduce(Run.merge, runs)) == said(whole)
    while len(runs) > 1:
        at = data.draw(st.integers(0, len(runs) - 2))
        runs[at : at + 2] = [pickle.loads(pickle.dumps(runs[at])).merge(runs[at + 1])]  # noqa: S301  # our own
    assert said(runs[0]) == said(whole)


def said(run: Run) -> Any:
    """Everything that the bundle of a run says of it as a whole, and what each exception met."""
    return bundle_head(run), run.result.reach, run.result.drawn


@share(4, records=RECORDS)
@given(audits(), as_of_days())
def test_a_run_counts_what_its_findings_say(audit: Audit, as_of: date | None) -> None:
    engine = Engine(audit.pack)
    found: list[Any] = []
    run = engine.run(audit.records, as_of=as_of, on_findings=found.append)
    assert run.totals == engine.run(audit.records, as_of=as_of).totals
    for rule in audit.pack.rules:
        of_rule = [f for findings in found for f in findings if f.rule == rule.id]
        counts = run.totals.rules[rule.id].named()
        assert counts == {name: sum(f.outcome == name for f in of_rule) for name in counts}


@share(2, records=RECORDS)
@given(audits(likely=True), as_of_days())
def test_findings_are_the_same_after_they_were_pickled(audit: Audit, as_of: date | None) -> None:
    found: list[Any] = []
    Engine(audit.pack).run(audit.records[:5], as_of=as_of, on_findings=found.extend)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301  # our own
    assert [repr(f.reason_to_dict()) for f in again] == [repr(f.reason_to_dict()) for f in found]


@contextmanager
def on_disk(audit: Audit) -> Iterator[tuple[Path, Path]]:
    """The folder of the pack, and a file of the records with a duplicate and a wrong line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "drawn"
        folder.mkdir()
        lines = [json.dumps(record) for record in audit.records]
        file = Path(name) / "records.ndjson"
        file.write_text("\n".join([*lines, lines[0], "{}"]) + "\n")
        yield write_pack(audit.files, folder), file


def same(run: Run, other: Run) -> None:
    assert run.totals == other.totals
    assert run.left_out == other.left_out
    assert run.left_out_count == other.left_out_count
    assert run.inputs == other.inputs


def bundle_by(engine: Engine, records: Any, as_of: date | None, executor: Executor | None) -> bytes:
    """The whole bundle of a run."""
    with Spool(Finding.reason_to_dict) as spool:
        run = engine.run(
            records,
            as_of=as_of,
            on_findings=spool.write,
            render=spool.render,
            executor=executor,
        )
        return b"".join(bundle_bytes(bundle_head(run), spool))


@share(6, records=4 * RECORDS)
@given(st.data(), audits(likely=True), as_of_days())
def test_no_executor_and_no_size_of_the_pieces_changes_a_byte(
    data: st.DataObject, audit: Audit, as_of: date | None
) -> None:
    """With ids that are the same or look alike, in one piece of work or in two."""
    engine = Engine(audit.pack)
    ids = st.sampled_from([id for row in LOOKS for id in row])
    records = [
        {**record, "id": data.draw(ids)} if data.draw(st.booleans()) else record
        for record in audit.records
    ]
    records = wrong_records(data.draw, [*records, *audit.records[:3]])
    alone = bundle_by(engine, records, as_of, None)
    for size in (1, data.draw(st.integers(2, 20)), 200):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(engine_module, "_RENDERED", size)
            assert bundle_by(engine, records, as_of, InTurn()) == alone


@share(8, records=2 * RECORDS)
@given(audits(), as_of_days())
def test_an_executor_changes_nothing(audit: Audit, as_of: date | None) -> None:
    with on_disk(audit) as (folder, file):
        engine = Engine(load_pack(folder))
        inputs: list[Any] = [file, *audit.records[:3]]
        same(
            engine.run(inputs, as_of=as_of, executor=InTurn()),
            engine.run(inputs, as_of=as_of),
        )


PARAMETER = {"title": "Days", "values": [{"value": 1}]}
FIXED: dict[str, Any] = {
    "pack.yaml": {
        "id": "fixed",
        "version": "0.1.0",
        "title": "Fixed",
        "source": {"title": "Nothing"},
        "licence": "MIT",
        "kinds": {"case": "cases"},
        "parameters": {"most": PARAMETER},
    },
    "records.yaml": {
        "$defs": {
            "case": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string"},
                    "sent": {"type": "string", "format": "date"},
                    "due": {"type": "string", "format": "date"},
                },
            }
        }
    },
    "rules/all.yaml": {
        "rules": [
            {
                "id": f"rule-{number}",
                "title": "Sent in time",
                "source": {"paragraph": "1"},
                "record": "case",
                "require": {"in_time": condition},
                "severity": "low",
            }
            for number, condition in enumerate(
                ["sent within {most} days after due", "sent before {as_of}"]
            )
        ]
    },
}


@pytest.fixture
def fixed(tmp_path: Path) -> tuple[Path, Path]:
    """A pack's folder and a file of more records than fit one batch."""
    folder = tmp_path / "fixed"
    folder.mkdir()
    days = ("2010-04-01", "2010-04-03", "2010-04", None)
    lines = [
        msgspec.json.encode({"id": f"R{n}", "sent": days[n % 4], "due": days[n // 4 % 4]})
        for n in range(1200)
    ]
    file = tmp_path / "records.ndjson"
    file.write_bytes(b"\n".join([*lines, lines[0], b"{}", lines[700]]) + b"\n")
    return write_pack(FIXED, folder), file


@pytest.mark.parametrize("executor", [ProcessPoolExecutor, ThreadPoolExecutor])
def test_workers_give_the_totals_of_one_process(
    fixed: tuple[Path, Path], executor: Callable[[int], Executor]
) -> None:
    folder, file = fixed
    engine = Engine(load_pack(folder))
    alone = engine.run(file, as_of=AS_OF)
    assert alone.totals.read == {"case": 1200}
    with executor(2) as workers:
        same(engine.run([file], as_of=AS_OF, executor=workers), alone)
        assert bundle_by(engine, [file], AS_OF, workers) == bundle_by(engine, [file], AS_OF, None)


def test_workers_use_the_parameters_of_the_engine(fixed: tuple[Path, Path], tmp_path: Path) -> None:
    """A settings file changes verdicts in the workers as it does here."""
    folder, file = fixed
    settings = tmp_path / "settings.yaml"
    settings.write_text(as_yaml({"parameters": {"most": [{"value": 400}]}}))
    engine = Engine(load_pack(folder, settings=settings))
    alone = engine.run(file, as_of=AS_OF)
    assert alone.totals != Engine(load_pack(folder)).run(file, as_of=AS_OF).totals
    with ProcessPoolExecutor(1) as workers:
        same(engine.run(file, as_of=AS_OF, executor=workers), alone)


def test_workers_use_the_rules_that_a_plan_chose(fixed: tuple[Path, Path], tmp_path: Path) -> None:
    folder, file = fixed
    plan = tmp_path / "plan.yaml"
    chosen = {"id": "one", "title": "One", "question": "Q?", "pack": "fixed", "rules": ["rule-1"]}
    plan.write_text(as_yaml(chosen))
    engine = Engine(apply_plan(load_pack(folder), load_plan(plan)))
    alone = engine.run(file, as_of=AS_OF)
    assert list(alone.totals.rules) == ["rule-1"]
    with ProcessPoolExecutor(1) as workers:
        same(engine.run(file, as_of=AS_OF, executor=workers), alone)
