"""Runs in the store: added whole or not at all, once, and with no more detail than asked for."""

import json
import signal
from pathlib import Path

import kept
import pytest
import stores
from sqlalchemy import func, select, text

from scr_audit.errors import ArgumentError, InputError
from scr_audit.language.unit_key import key_sha256
from scr_audit.runs.stored import stream_bundle
from scr_audit.store.database import Store, findings, location, open_store, rule_totals, runs
from scr_audit.store.history import (
    add_run,
    find_run,
    kept_bundle,
    kept_findings,
    kept_info,
    kept_runs,
    named_run,
    new_run,
)

AT = "2026-04-01T00:00:00Z"
FINDINGS = [
    ("a", "R1", "/parts/0", "met"),
    ("a", "R1", "/parts/1", "not_met"),
    ("b", "R2", "", "not_evidenced"),
]


def _counts(store: Store) -> list[int]:
    with store.reading() as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (runs, rule_totals, findings)
        ]


def test_a_run_is_found_again_with_its_findings(store_name: str) -> None:
    run = kept.new_run("one", FINDINGS, period="2026Q1", plan="quarterly")
    assert add_run(open_store(store_name), run, at=AT) == "added"
    store = open_store(store_name)
    (found,) = kept_runs(store, plan="quarterly")
    assert found.period is not None
    assert (found.id, found.period.label, found.plan) == (run.id, "2026Q1", "quarterly")
    assert found.head["rules"] == run.head["rules"]
    names = ("rule", "record", "unit", "outcome")
    told = [tuple(finding[name] for name in names) for finding in kept_findings(store, found)]
    assert told == FINDINGS


def test_what_is_to_be_kept_of_a_run_is_one_of_three(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    document = {**kept.head(FINDINGS), "records": [], "findings": kept.documents(FINDINGS)}
    path.write_text(json.dumps(document))
    with pytest.raises(ArgumentError) as caught:
        new_run(stream_bundle(path), detail="zzz")  # type: ignore[arg-type]
    assert str(caught.value) == "detail: found 'zzz'; expected totals, findings or facts"


def test_a_run_is_named_by_its_place_in_its_series_and_comes_back_as_a_bundle(
    store_name: str,
) -> None:
    with open_store(store_name) as store:
        for name, period in (("one", "2026Q1"), ("two", "2026Q2")):
            add_run(store, kept.new_run(name, FINDINGS, period=period, plan="quarterly"), at=AT)
        last, before = (named_run(store, name, plan="quarterly") for name in ("last", "last~1"))
        assert (kept_info(last)["period"], kept_info(before)["period"]) == ("2026Q2", "2026Q1")
        assert named_run(store, last.id[:8]) == last
        found = kept_bundle(store, last)
        assert [each["outcome"] for each in found["findings"]] == [row[-1] for row in FINDINGS]
        assert {each["id"]: each["totals"]["not_met"] for each in found["records"]} == {
            "R1": 1, "R2": 0
        }  # fmt: skip
        with pytest.raises(InputError) as caught:
            named_run(store, "last~2")
    assert str(caught.value) == f"last~2: {location(store_name)} has 2 runs"


def test_the_same_run_is_kept_once(store_name: str) -> None:
    store = open_store(store_name)
    run = kept.new_run("one", FINDINGS)
    assert [add_run(store, run, at=AT), add_run(store, run, at=AT)] == ["added", "known"]
    assert _counts(store) == [1, 2, 3]


def test_a_run_that_only_earlier_runs_made_another_bundle_is_the_same_run(store_name: str) -> None:
    store = open_store(store_name)
    runs_of = [kept.new_run(name, FINDINGS, period="2026Q1") for name in ("one", "two", "three")]
    for run in runs_of:
        run.head["input"]["files"].append({"name": "cases.json", "sha256": "5" * 64})
    runs_of[1].head.update({"trend": {"rules": []}, "compared": {"as_of": None}})
    runs_of[2].head["input"]["files"][0]["sha256"] = "6" * 64
    said = [add_run(store, run, at=AT) for run in runs_of]
    assert said == ["added", "known", "added"]
    assert all("trend" not in run.head for run in kept_runs(store))


@pytest.mark.parametrize(
    ("detail", "rows", "secret"), [("totals", 0, False), ("findings", 3, False), ("facts", 3, True)]
)
def test_no_more_detail_is_kept_than_asked_for(
    store_name: str, detail: kept.Detail, rows: int, *, secret: bool
) -> None:
    store = open_store(store_name)
    add_run(store, kept.new_run("one", FINDINGS, detail=detail), at=AT)
    assert _counts(store) == [1, 2, rows]
    with store.reading() as connection:
        everything = [
            dict(row._mapping)
            for table in (runs, rule_totals, findings)
            for row in connection.execute(table.select())
        ]
    assert ("secret" in json.dumps(everything)) is secret
    assert ("R1" in json.dumps(everything)) is (rows > 0)


def test_a_run_with_two_findings_on_one_unit_is_refused_whole(store_name: str) -> None:
    store = open_store(store_name)
    with pytest.raises(InputError) as caught:
        add_run(store, kept.new_run("one", [*FINDINGS, FINDINGS[0]]), at=AT)
    assert str(caught.value) == (
        "the bundle has two totals of one rule, or two findings of one rule on one unit; "
        "it was not added. Run the audit again"
    )
    assert _counts(store) == [0, 0, 0]


def test_a_run_is_found_by_the_start_of_its_id(store_name: str) -> None:
    store = open_store(store_name)
    run = kept.new_run("one", FINDINGS)
    add_run(store, run, at=AT)
    assert find_run(store, run.id[:6]).id == run.id
    for prefix, message in {
        run.id[:5]: f"{run.id[:5]}: give at least 6 characters of a run's id",
        "%%%%%%": f"%%%%%%: {store.place} has no run of this id; list the runs it has",
    }.items():
        with pytest.raises(InputError) as caught:
            find_run(store, prefix)
        assert str(caught.value) == message


def _add_twenty(store_name: str, name: str) -> None:
    store = open_store(store_name)
    for number in range(20):
        assert add_run(store, kept.new_run(f"{name} {number}", FINDINGS), at=AT) == "added"


def test_two_processes_that_add_twenty_runs_each_lose_none(store_name: str) -> None:
    given = [(store_name, "one"), (store_name, "two")]
    assert stores.exit_codes(_add_twenty, *given) == [0, 0]
    assert _counts(open_store(store_name)) == [40, 80, 120]


def _add_until(store_name: str, step: int) -> None:
    store = open_store(store_name)
    stores.kill_at(step)
    add_run(store, kept.new_run("one", FINDINGS), at=AT)


def test_a_process_killed_at_any_write_leaves_the_whole_run_or_nothing(store_name: str) -> None:
    store = open_store(store_name)
    for step in range(1, 40):
        (ended,) = stores.exit_codes(_add_until, (store_name, step))
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        assert _counts(store) == [0, 0, 0], f"killed at step {step}"
    assert ended == 0, "the run was never added"
    assert _counts(store) == [1, 2, 3]
    assert step > 10, "there was less to kill than a run writes"
    store.close()


def test_a_database_that_goes_in_the_middle_loses_nothing_that_was_there(tmp_path: Path) -> None:
    for name in stores.a_store("postgresql", tmp_path):
        store = open_store(name)
        add_run(store, kept.new_run("one", FINDINGS), at=AT)
        with pytest.raises(InputError) as caught:
            add_run(store, _ended_while_read(name), at=AT)
        assert str(caught.value) == (
            f"{location(name)}: the connection to the database was lost. "
            "What was being written was not kept; try again"
        )
        assert _counts(store) == [1, 2, 3]
        assert add_run(store, kept.new_run("two", FINDINGS), at=AT) == "added"
        store.close()


def _ended_while_read(name: str) -> kept.NewRun:
    """A run in the middle of whose findings all connections to the database are ended."""
    run = kept.new_run("two", FINDINGS)

    def broken():  # type: ignore[no-untyped-def]
        yield run.findings[0]
        other = open_store(name)
        with other.writing() as connection:
            ending = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute(text(ending))
        other.close()
        yield from run.findings[1:]

    return kept.NewRun(run.id, run.head, broken(), run.detail, run.period)


def test_findings_kept_before_units_had_keys_are_known_by_their_place_only(store_name: str) -> None:
    store = open_store(store_name)
    run = kept.new_run("one", FINDINGS)
    add_run(store, run, at=AT)
    with store.writing() as connection:  # the store as the first migration made it
        for column in ("key_sha256", "key_named"):
            connection.execute(text(f"ALTER TABLE findings DROP COLUMN {column}"))
        connection.execute(text("UPDATE scr_audit_version SET version_num = '0001'"))
    store.close()
    found = kept_findings(open_store(store_name), find_run(open_store(store_name), run.id))
    assert [(each["unit"], each["key"], each["key_named"]) for each in found] == [
        ("/parts/0", None, False), ("/parts/1", None, False), ("", [], True),
    ]  # fmt: skip


def test_of_a_key_only_its_hash_is_kept_unless_facts_are(store_name: str) -> None:
    store = open_store(store_name)
    runs_of = [kept.new_run(name, FINDINGS, detail=name) for name in ("findings", "facts")]
    for run in runs_of:
        add_run(store, run, at=AT)
    few, whole = (kept_findings(store, find_run(store, run.id))[0] for run in runs_of)
    key = [{"name": "thing 0"}]
    assert (few["key"], few["key_sha256"], few["key_named"]) == (None, key_sha256(key), True)
    assert (whole["key"], whole["key_named"]) == (key, True)


@pytest.mark.parametrize("head", ["{", "", '"x"', "{}", '{"pack": 3}', "[" * 100_000])
def test_a_run_whose_head_is_damaged_is_told_by_its_id(tmp_path: Path, head: str) -> None:
    name = str(tmp_path / "history.sqlite")
    store = open_store(name)
    run = kept.new_run("one", FINDINGS)
    add_run(store, run, at=AT)
    with store.writing() as connection:
        connection.execute(text("UPDATE runs SET head = :head"), {"head": head})
    for use in (
        lambda: kept_runs(store),
        lambda: find_run(store, run.id),
        lambda: add_run(store, kept.new_run("two", FINDINGS), at=AT),
    ):
        with pytest.raises(InputError) as told:
            use()
        assert str(told.value) == (
            f"{name}: the run {run.id[:12]}, added {AT}, is damaged: what was kept of it cannot be "
            "read. Take a copy of the store from a backup; nothing was written"
        )


@pytest.mark.parametrize("name", ["met", "records"])
def test_a_run_whose_head_lacks_a_total_of_a_rule_is_damaged(tmp_path: Path, name: str) -> None:
    store = open_store(str(tmp_path / "history.sqlite"))
    run = kept.new_run("one", FINDINGS)
    add_run(store, run, at=AT)
    del run.head["rules"][0]["totals"][name]
    with store.writing() as connection:
        connection.execute(runs.update().values(head=run.head))
    with pytest.raises(InputError, match=f"added {AT}, is damaged"):
        kept_runs(store)


def test_a_run_that_an_index_no_longer_finds_is_damaged(tmp_path: Path) -> None:
    name = tmp_path / "history.sqlite"
    run = kept.new_run("one", FINDINGS)
    with open_store(str(name)) as store:
        add_run(store, run, at=AT)
    harmed = b"f" * len(run.id)
    content = name.read_bytes()
    at = content.index(run.id.encode(), content.index(run.id.encode()) + 1)  # its index comes first
    name.write_bytes(content[:at] + harmed + content[at + len(harmed) :])
    with open_store(str(name)) as store, pytest.raises(InputError, match="is damaged: what was"):
        kept_runs(store)


@pytest.mark.parametrize("column", ["as_of", "pack_sha256", "plan", "detail"])
def test_a_run_whose_columns_are_not_those_of_its_head_is_told(tmp_path: Path, column: str) -> None:
    store = open_store(str(tmp_path / "history.sqlite"))
    add_run(store, kept.new_run("one", FINDINGS), at=AT)
    with store.writing() as connection:
        connection.execute(runs.update().values({column: "2026-02-30"}))
    with pytest.raises(InputError, match=f"added {AT}, is damaged"):
        kept_runs(store)


@pytest.mark.parametrize(
    "harm", ["runs SET head", "runs SET plan", "findings SET record", "findings SET facts"]
)
def test_the_run_of_which_a_text_is_no_utf_8_is_named(tmp_path: Path, harm: str) -> None:
    name = str(tmp_path / "history.sqlite")
    store = open_store(name)
    run = kept.new_run("one", FINDINGS, detail="facts")
    add_run(store, run, at=AT)
    add_run(store, kept.new_run("two", FINDINGS), at="2026-01-01 00:00:00")
    with store.writing() as connection:
        harmed = f"UPDATE {harm} = CAST(x'22ff22' AS text) WHERE "
        of_run = f"{'id' if harm.startswith('runs') else 'run'} = '{run.id}'"
        more = " AND rule = 'b'" if harm.startswith("findings") else ""
        connection.execute(text(harmed + of_run + more))
    with pytest.raises(InputError) as told:
        kept_findings(store, next(each for each in kept_runs(store) if each.id == run.id))
    assert str(told.value).startswith(f"{name}: the run {run.id[:12]}, added {AT}, is damaged: ")


_OTHER = json.dumps(kept.documents(FINDINGS)[0])  # the finding of another row


@pytest.mark.parametrize(
    ("detail", "facts"),
    [
        *(("facts", facts) for facts in ("{", "{}", "3", "[]", "null", None, _OTHER)),
        ("facts", json.dumps({**kept.documents(FINDINGS)[2], "facts": {}})),
        ("facts", json.dumps({**kept.documents(FINDINGS)[2], "outcome": "met"})),
        ("findings", "{}"),
    ],
)
def test_a_run_whose_findings_are_damaged_is_told_by_its_id(
    tmp_path: Path, detail: kept.Detail, facts: str | None
) -> None:
    store = open_store(str(tmp_path / "history.sqlite"))
    run = kept.new_run("one", FINDINGS, detail=detail)
    add_run(store, run, at=AT)
    with store.writing() as connection:
        query = text("UPDATE findings SET facts = :facts WHERE rule = 'b'")
        connection.execute(query, {"facts": facts})
    with pytest.raises(InputError, match=f"the run {run.id[:12]}, added {AT}, is damaged"):
        kept_findings(store, find_run(store, run.id))


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE findings SET unit = 'zzz' || rowid",
        "UPDATE findings SET rule = 'zzz' WHERE rule = 'b'",
        "UPDATE findings SET outcome = 'great'",
        "UPDATE findings SET outcome = 'met' WHERE rule = 'b'",
        "DELETE FROM findings WHERE rule = 'b'",
    ],
)
def test_a_finding_that_cannot_have_been_kept_so_is_damage(tmp_path: Path, damage: str) -> None:
    store = open_store(str(tmp_path / "history.sqlite"))
    run = kept.new_run("one", FINDINGS, detail="findings")
    add_run(store, run, at=AT)
    with store.writing() as connection:
        connection.execute(text(damage))
    with pytest.raises(InputError, match=f"the run {run.id[:12]}, added {AT}, is damaged"):
        kept_findings(store, find_run(store, run.id))
