"""Laws: a plan's period and filter mean the same to both evaluators, and lose no record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
from budget import share
from hypothesis import given
from hypothesis import strategies as st
from strategies import RECORDS, Audit, as_of_days, audits, judges

from scr_audit import Engine
from scr_audit.evaluate.finding import verdict_of
from scr_audit.language.types import DATES, FactType, Kind
from scr_audit.packs.pack import Pack
from scr_audit.plans.pack_of_plan import DatedLists
from scr_audit.records.decode import decoder_of
from scr_audit.records.raw import plain_record
from scr_audit.values.period import Period

DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))


def dated(record: FactType, prefix: str = "") -> dict[str, str]:
    """Every list of groups that has a date, with the first one."""
    found: dict[str, str] = {}
    for name, fact in record.fields.items():
        item = fact.type.item
        if item is None or item.kind is not Kind.OBJECT:
            continue
        dates = [each for each, inner in item.fields.items() if inner.type.kind in DATES]
        found |= {f"{prefix}{name}": dates[0]} if dates else {}
        found |= dated(item, f"{prefix}{name}.")
    return found


@st.composite
def limited(draw: Any, pack: Pack) -> Pack:
    """The pack, its rules limited to a period by some of the lists that have dates."""
    lists: dict[str, str] = {}
    for kind in pack.kinds.values():
        lists |= dated(kind.type)
    kept = draw(st.sets(st.sampled_from(sorted(lists)))) if lists else set()
    start, end = sorted([draw(DAYS), draw(DAYS)])
    dates = DatedLists(pack, {path: lists[path] for path in sorted(kept)})
    rules = []
    for rule in pack.rules:
        try:
            rules.append(dates.limit_rule(rule, Period(start, end)))
        except Exception:  # a list of another kind has the path, and no such date
            rules.append(rule)
    return replace(pack, rules=tuple(rules))


@share(20, records=RECORDS)
@given(st.data(), audits(), as_of_days())
def test_both_evaluators_agree_on_rules_that_are_limited_to_a_period(
    data: Any, audit: Audit, as_of: date | None
) -> None:
    pack = data.draw(limited(audit.pack))
    default = next(iter(pack.kinds))
    for kind, judge in judges(pack).items():
        decoder = decoder_of(pack).kinds[kind].decode_imprecise
        decide, interpreter = judge.program.decide(imprecise=True), judge.interpreter(as_of)
        for raw in audit.records:
            if raw.get("kind", default) != kind:
                continue
            plain = plain_record(pack.kinds[kind].type, raw)
            record = decoder.decode(msgspec.json.encode(plain))
            expected = sorted(
                verdict_of(judgement, number)
                for number, rule in enumerate(judge.rules)
                for judgement in interpreter.judge(rule, record)
            )
            assert sorted(decide(record, as_of)) == expected


@share(10, records=RECORDS)
@given(st.data(), audits(likely=True), as_of_days())
def test_totals_are_the_sums_of_findings_where_rules_are_limited_to_a_period(
    data: Any, audit: Audit, as_of: date | None
) -> None:
    engine = Engine(data.draw(limited(audit.pack)))
    findings = [f for record in audit.records for f in engine.evaluate(record, as_of=as_of)]
    totals = engine.run(audit.records, as_of=as_of).totals
    for rule in engine.pack.rules:
        of_rule = [f for f in findings if f.rule == rule.id]
        outcomes = [f.outcome for f in of_rule]
        named = totals.rules[rule.id].named()
        assert named == {name: outcomes.count(name) for name in named}
        judged = {f.record for f in of_rule if f.outcome in ("met", "not_met", "not_evidenced")}
        assert totals.rules[rule.id].records == len(judged)
