"""Laws of merging: nothing is lost, nothing is doubled, no difference goes unseen."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from budget import share
from hypothesis import given
from hypothesis import strategies as st
from keyed_job import keyed_job

from scr_audit.readings.alignment import origin_at
from scr_audit.readings.merged_record import Merged, Source, from_one_source, merge_sources

JOB = keyed_job()
FILES = ("a", "b", "c")
DAYS = st.sampled_from(("2026-01-05", "2026-02-03"))
WORDS = st.lists(st.sampled_from("xyz"), max_size=2, unique=True)


def some(**facts: Any) -> Any:
    return st.fixed_dictionaries({}, optional=facts)


CHECKS = st.lists(some(passed=st.booleans(), on=DAYS), max_size=1)
PART = some(fitted=st.booleans(), worn=st.booleans(), fitted_on=DAYS, checks=CHECKS)
PARTS = st.dictionaries(st.sampled_from(("bell", "chain", "brake")), PART).map(
    lambda found: [{"name": name, **part} for name, part in found.items()]
)
JOBS = some(
    safe=st.booleans(),
    wheels=st.integers(1, 4),
    booked_on=DAYS,
    labels=WORDS,
    loan=some(agreed=st.booleans(), start=DAYS),
    parts=PARTS,
    extra=some(note=st.sampled_from("ab")),
)


def source(facts: dict[str, Any], file: str) -> Source:
    return Source({"id": "J", **facts}, {"": {"file": file, "place": "/0"}})


def merge(*records: dict[str, Any]) -> Merged:
    sources = [source(record, file) for record, file in zip(records, FILES, strict=False)]
    found = from_one_source(JOB, sources[0])
    for other in sources[1:]:
        before = found
        found = merge_sources(JOB, before.source, other)
        found.conflicts[:0] = before.conflicts
    return found


def ordered(value: Any) -> Any:
    """A value whose lists are in one order."""
    if isinstance(value, dict):
        return {key: ordered(inner) for key, inner in value.items()}
    return sorted((ordered(each) for each in value), key=repr) if isinstance(value, list) else value


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{pointer}/{key}")
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{pointer}/{number}")
    else:
        yield pointer, value


def divided(value: Any, draw: Any) -> tuple[Any, Any]:
    """A record's facts, each given to one side or to both; items keep what tells them apart."""
    if isinstance(value, dict):
        sides: tuple[dict[str, Any], dict[str, Any]] = {}, {}
        for key, inner in value.items():
            first, second = divided(inner, draw)
            where = draw(st.sampled_from((0, 1, 2))) if key not in ("name", "parts") else 2
            if where in (0, 2):
                sides[0][key] = first if where == 2 else inner
            if where in (1, 2):
                sides[1][key] = second if where == 2 else inner
        return sides
    if isinstance(value, list) and value and isinstance(value[0], dict) and "name" in value[0]:
        pairs = [divided(item, draw) for item in value]
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return value, copy.deepcopy(value)


@share(1)
@given(JOBS)
def test_a_record_merged_with_itself_or_with_nothing_is_itself(job: dict[str, Any]) -> None:
    for records in ((job, job), (job, {}), ({}, job)):
        found = merge(*records)
        assert found.conflicts == []
        assert found.facts == {"id": "J", **job}


@share(1)
@given(JOBS, st.data())
def test_a_divided_record_comes_together_again(job: dict[str, Any], data: st.DataObject) -> None:
    first, second = divided(job, data.draw)
    found = merge(first, second)
    assert found.conflicts == []
    assert ordered(found.facts) == ordered({"id": "J", **job})


@share(1)
@given(JOBS, JOBS)
def test_the_order_of_the_sources_changes_nothing_but_the_order_of_items(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    there, back = merge(first, second), merge(second, first)
    told = [sorted((c.question, repr(ordered([c.first, c.second]))) for c in m.conflicts)
            for m in (there, back)]  # fmt: skip
    assert told[0] == told[1]
    if not there.conflicts:
        assert ordered(there.facts) == ordered(back.facts)


@share(1)
@given(st.lists(JOBS, min_size=3, max_size=3))
def test_every_fact_says_a_source_that_says_it(jobs: list[dict[str, Any]]) -> None:
    found = merge(*jobs)
    for pointer, value in leaves({k: v for k, v in found.facts.items() if k != "id"}):
        origin = origin_at(found.origins, pointer)
        for said in (origin, *origin.get("also", ())):
            job = jobs[FILES.index(said["file"])]
            assert any(
                ordered(inner) == ordered(value)
                and path.rpartition("/")[2] == pointer.rpartition("/")[2]
                for path, inner in leaves(job)
            )


@share(1)
@given(JOBS, st.data())
def test_one_difference_is_one_conflict_at_its_place(
    job: dict[str, Any], data: st.DataObject
) -> None:
    plain = [(p, v) for p, v in leaves(job) if isinstance(v, bool | int) and "/checks/" not in p]
    if not plain:
        return
    pointer, value = data.draw(st.sampled_from(plain))
    other = copy.deepcopy(job)
    holder: Any = other
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        holder = holder[int(step) if isinstance(holder, list) else step]
    holder[last] = (not value) if isinstance(value, bool) else value % 4 + 1
    found = merge(job, other)
    assert [conflict.pointer for conflict in found.conflicts] == [pointer]


@share(1)
@given(st.lists(JOBS, min_size=3, max_size=3))
def test_sources_without_conflicts_may_be_merged_in_any_grouping(
    jobs: list[dict[str, Any]],
) -> None:
    found = merge(*jobs)
    inner = merge_sources(JOB, source(jobs[1], "b"), source(jobs[2], "c"))
    whole = merge_sources(JOB, source(jobs[0], "a"), inner.source)
    if not (found.conflicts or inner.conflicts or whole.conflicts):
        assert ordered(found.facts) == ordered(whole.facts)
