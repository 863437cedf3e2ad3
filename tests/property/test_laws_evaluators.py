"""Laws: the compiled program decides what the interpreter does, and every verdict is explained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from budget import share
from hypothesis import given
from hypothesis import strategies as st
from strategies import RECORDS, Audit, as_of_days, audits, judges

from scr_audit import Engine, Finding
from scr_audit.evaluate.finding import verdict_of
from scr_audit.evaluate.outcomes import JUDGED_OUTCOMES, MET, NOT_APPLICABLE, NOT_MET, OUTCOMES
from scr_audit.evaluate.program import KindCounts, KindJudge
from scr_audit.records.decode import decoder_of
from scr_audit.records.raw import plain_record
from scr_audit.values.imprecise import parse_date, parse_datetime

MISSING = object()
UNRECORDED = ("not_evidenced", "not_applicable")  # what a list that is not recorded may be


def judged_by_interpreter(judge: KindJudge, record: Any, as_of: date | None) -> list[Any]:
    interpreter = judge.interpreter(as_of)
    return sorted(
        verdict_of(judgement, number)
        for number, rule in enumerate(judge.rules)
        for judgement in interpreter.judge(rule, record)
    )


def by_kind(audit: Audit) -> dict[str, list[dict[str, Any]]]:
    default = next(iter(audit.kinds))
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in audit.kinds}
    for record in audit.records:
        found[record.get("kind", default)].append(record)
    return found


def typed(audit: Audit, kind: str, imprecise: bool) -> Callable[[dict[str, Any]], Any]:
    """A function from a record to its exact or its imprecise struct."""
    decoders = decoder_of(audit.pack).kinds[kind]
    decoder = decoders.decode_imprecise if imprecise else decoders.decode_exact
    fact = decoders.kind.type
    return lambda record: decoder.decode(msgspec.json.encode(plain_record(fact, record)))


@share(20, records=RECORDS)
@given(audits(), as_of_days())
def test_the_program_for_imprecise_dates_decides_what_the_interpreter_does(
    audit: Audit, as_of: date | None
) -> None:
    for kind, judge in judges(audit.pack).items():
        struct, decide = typed(audit, kind, True), judge.program.decide(imprecise=True)
        for raw in by_kind(audit)[kind]:
            record = struct(raw)
            assert sorted(decide(record, as_of)) == judged_by_interpreter(judge, record, as_of)


@share(20, records=RECORDS)
@given(audits(exact=True), as_of_days())
def test_both_programs_decide_what_the_interpreter_does_where_all_dates_are_exact(
    audit: Audit, as_of: date | None
) -> None:
    for kind, judge in judges(audit.pack).items():
        exact, imprecise = (typed(audit, kind, wanted) for wanted in (False, True))
        for raw in by_kind(audit)[kind]:
            expected = judged_by_interpreter(judge, exact(raw), as_of)
            found = judge.program.decide(imprecise=False)(exact(raw), as_of)
            assert sorted(found) == expected
            found = judge.program.decide(imprecise=True)(imprecise(raw), as_of)
            assert sorted(found) == expected


either = st.booleans().flatmap(lambda exact: st.tuples(st.just(exact), audits(exact=exact)))


@share(15, records=RECORDS)
@given(either, as_of_days())
def test_total_counts_what_decide_lists(drawn: tuple[bool, Audit], as_of: date | None) -> None:
    exact, audit = drawn
    for kind, judge in judges(audit.pack).items():
        records = [typed(audit, kind, not exact)(raw) for raw in by_kind(audit)[kind]]
        decide = judge.program.decide(imprecise=not exact)
        verdicts = [decide(record, as_of) for record in records]
        noted: list[int] = []
        total = judge.program.total(imprecise=not exact)
        counts = total(records, as_of, lambda number, _, noted=noted: noted.append(number))  # type: ignore[misc]  # bound now
        assert counts == counted(verdicts, len(judge.rules))
        waiting = [v[0] for found in verdicts for v in found if v[1] == NOT_APPLICABLE and v[3]]
        assert sorted(noted) == sorted(waiting)


def counted(verdicts: list[list[tuple[int, ...]]], rules: int) -> KindCounts:
    """The counts of listed verdicts, a list for each record."""
    table = []
    for rule in range(rules):
        by_record = [[v[1] for v in found if v[0] == rule] for found in verdicts]
        units = [sum(seen.count(code) for seen in by_record) for code in range(len(OUTCOMES))]
        judged_in = [set(seen) & set(JUDGED_OUTCOMES) for seen in by_record]
        records = (sum(map(bool, judged_in)), judged_in.count({MET}))
        table.append((*units, *records, sum(NOT_MET in seen for seen in judged_in)))
    judged = [{v[1] for v in found} & set(JUDGED_OUTCOMES) for found in verdicts]
    return KindCounts(
        tuple(table), sum(bool(seen) for seen in judged), sum(seen == {MET} for seen in judged)
    )


@share(20, records=RECORDS)
@given(audits(), as_of_days())
def test_a_record_that_fits_the_schema_is_judged_without_error_and_explained(
    audit: Audit, as_of: date | None
) -> None:
    engine = Engine(audit.pack)
    for record in audit.records:
        kind = record.get("kind", next(iter(audit.kinds)))
        plain = plain_record(audit.pack.kinds[kind].type, record)
        for finding in engine.evaluate(record, as_of=as_of):
            check_explanation(finding, plain)


def check_explanation(finding: Finding, record: dict[str, Any]) -> None:
    assert finding.outcome != "error", finding.reason
    assert resolved(record, finding.unit) is not MISSING or finding.outcome in UNRECORDED
    for fact in finding.facts:
        check_fact(fact.value, resolved(record, fact.pointer))
    unrecorded = {fact.pointer for fact in finding.facts if fact.value is None}
    assert set(finding.missing) <= unrecorded
    assert not finding.missing or finding.outcome != "met"
    named = {
        status: tuple(name for name, found in finding.criteria.items() if found == status)
        for status in ("met", "not_met", "not_evidenced", "not_applicable")
    }
    if finding.criteria:
        open_ones = {*named["not_evidenced"], *named["not_applicable"]}
        assert (named["not_met"], open_ones) == (finding.failed, set(finding.unknown))
    waits = finding.outcome == "not_applicable" and bool(finding.criteria)
    assert (finding.due is not None) == waits
    assert (finding.explanation.exception is not None) == (finding.outcome == "excepted")


def resolved(record: Any, pointer: str) -> Any:
    """What stands at a JSON pointer, `MISSING` where nothing does."""
    value = record
    for step in pointer.split("/")[1:]:
        if isinstance(value, list):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return MISSING
    return value


def check_fact(value: Any, recorded: Any) -> None:
    """A fact's value is what the record says there; None where it says nothing."""
    if recorded is MISSING or recorded is None:
        assert value is None
    elif isinstance(recorded, dict):
        assert value == "recorded"
    elif isinstance(recorded, list) and any(isinstance(part, dict) for part in recorded):
        assert value == f"{len(recorded)} recorded"
    elif value != recorded:
        assert moment(value) == moment(recorded)


def moment(text: Any) -> Any:
    """A date or time in one form: the same moment may be written in several."""
    assert isinstance(text, str)
    for parse in (parse_date, lambda text: parse_datetime(text, UTC)):
        try:
            found = parse(text)
        except ValueError:
            continue
        return found if isinstance(found, date | datetime) else str(found)
    raise AssertionError(f"no date: {text!r}")
