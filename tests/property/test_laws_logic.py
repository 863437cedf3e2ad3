"""Laws of the logic: Kleene's tables, quantifiers over all that may be, and monotone evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from itertools import product
from typing import Any

import pytest
from budget import share
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    RECORDS,
    Audit,
    Group,
    Spec,
    as_of_days,
    audits,
    load,
    pack_files,
    pick,
    records,
)

from scr_audit import Engine, Finding
from scr_audit.language.conditions import Truth, conjoin, disjoin, negate
from scr_audit.records.raw import says_something

TRUTHS: tuple[Truth, ...] = (False, None, True)
OUTCOME = {True: "met", False: "not_met", None: "not_evidenced"}
Verdicts = dict[tuple[str, str], str]  # outcomes by rule and unit
DEFINITE = ("met", "not_met", "not_applicable", "excepted")
EXCEPTED = ("excepted", "excepted, not yet due")
MAY_BECOME = {"not_met": ("not_met", *EXCEPTED), "excepted": EXCEPTED}


def least(values: tuple[Truth, ...]) -> Truth:
    """Kleene's *and* as the least of false < unknown < true."""
    return min(values, key=TRUTHS.index)


def greatest(values: tuple[Truth, ...]) -> Truth:
    return max(values, key=TRUTHS.index)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_functions_follow_kleenes_tables(size: int) -> None:
    for values in product(TRUTHS, repeat=size):
        assert conjoin(values) is least(values)
        assert disjoin(values) is greatest(values)
        assert negate(conjoin(values)) is disjoin(negate(value) for value in values)
    assert conjoin(()) is True
    assert disjoin(()) is False
    assert [negate(value) for value in TRUTHS] == [True, None, False]


NAMES = ("a", "b", "c", "d")
FLAGS: Group = tuple(Spec(name, "boolean") for name in NAMES)
OF_ITEM = (
    Spec("inside", "boolean"),
    Spec("fits", "boolean"),
    Spec("day", "date"),
    Spec("amount", "integer", minimum=0, maximum=2),
)
ITEMS = Spec("items", "list", fields=OF_ITEM)


def engine_for(conditions: dict[str, Any]) -> Engine:
    """An engine with a rule for each condition, over four yes/no facts and a list."""
    record = (Spec("id", "text", required=True), *FLAGS, ITEMS)
    files = pack_files({"case": record}, {"n": {"title": "n", "values": [{"value": 2}]}})
    files["rules/all.yaml"] = {
        "rules": [
            {
                "id": f"rule-{number}",
                "title": name,
                "source": {"paragraph": "1"},
                "record": "case",
                "require": {"needs": condition},
                "severity": "low",
            }
            for number, (name, condition) in enumerate(conditions.items())
        ]
    }
    return Engine(load(files))


def outcomes(engine: Engine, record: dict[str, Any]) -> dict[str, str]:
    """The outcome of each rule, by the rule's title, after a check that it is explained alike."""
    titles = {rule.id: rule.title for rule in engine.pack.rules}
    found = engine.evaluate(record)
    for finding in found:
        assert list(finding.criteria.values()) == [finding.outcome]
    return {titles[finding.rule]: finding.outcome for finding in found}


def weighed(shown: Truth, said: Truth) -> Truth:
    """What both say, or the one that says anything; nothing where they contradict each other."""
    known = {shown, said} - {None}
    return known.pop() if len(known) == 1 else None


Combined = Callable[..., Truth]
COMBINED: dict[str, tuple[Any, Combined]] = {
    "list": ([*NAMES], lambda *v: least(v)),
    "all": ({"all": [*NAMES]}, lambda *v: least(v)),
    "any": ({"any": [*NAMES]}, lambda *v: greatest(v)),
    "not": ("not a", lambda a, b, c, d: negate(a)),
    "not all": ({"not": {"all": [*NAMES]}}, lambda *v: negate(least(v))),
    "not any": ({"not": {"any": [*NAMES]}}, lambda *v: negate(greatest(v))),
    "not not": ({"not": {"not": "b"}}, lambda a, b, c, d: b),
    "mixed": (
        {"any": [["a", "not b"], {"all": ["c", {"not": "d"}]}]},
        lambda a, b, c, d: greatest((least((a, negate(b))), least((c, negate(d))))),
    ),
    "weighed": (
        {"shown": {"any": ["a", "c"]}, "said": {"all": ["b", "not d"]}},
        lambda a, b, c, d: weighed(greatest((a, c)), least((b, negate(d)))),
    ),
    "is": ("a is b", lambda a, b, c, d: None if None in (a, b) else a == b),
    "is not": ("a is not no", lambda a, b, c, d: a),
    "recorded": ("a is recorded", lambda a, b, c, d: a is not None),
    "not recorded": ({"not": "a is not recorded"}, lambda a, b, c, d: a is not None),
}


def test_combiners_follow_kleenes_tables() -> None:
    conditions = {name: condition for name, (condition, _) in COMBINED.items()}
    conditions["not recorded"] = "a is not recorded"  # its double negation says the same
    engine = engine_for(conditions)
    expected = {name: answer for name, (_, answer) in COMBINED.items()}
    expected["not recorded"] = lambda a, b, c, d: a is None
    for values in product(TRUTHS, repeat=4):
        record = {"id": "R", **dict(zip(NAMES, values, strict=True))}
        assert outcomes(engine, record) == {
            name: OUTCOME[answer(*values)] for name, answer in expected.items()
        }


Pair = tuple[Truth, Truth]
WHERE, THAT = {"where": "x.inside"}, {"that": "x.fits"}
QUANTIFIED: dict[str, dict[str, Any]] = {
    "some": {"some": "items as x", **WHERE, **THAT},
    "some where": {"some": "items as x", **WHERE},
    "some that": {"some": "items as x", **THAT},
    "some at all": {"some": "items as x"},
    "none": {"none": "items as x", **WHERE, **THAT},
    "none where": {"none": "items as x", **WHERE},
    "none at all": {"none": "items as x"},
    "every": {"every": "items as x", **WHERE, **THAT},
    "every that": {"every": "items as x", **THAT},
    "at least": {"count": "items as x", **WHERE, "is": "at least {n}"},
    "at most": {"count": "items as x", **WHERE, "is": "at most 1"},
    "more than": {"count": "items as x", **WHERE, "is": "more than 0"},
    "fewer than": {"count": "items as x", **WHERE, "is": "fewer than 3"},
    "exactly": {"count": "items as x", **WHERE, "is": 1},
    "of all": {"count": "items as x", "is": "is 2"},
}
NUMBERS: dict[str, Callable[[int], bool]] = {
    "at least": lambda n: n >= 2,
    "at most": lambda n: n <= 1,
    "more than": lambda n: n > 0,
    "fewer than": lambda n: n < 3,
    "exactly": lambda n: n == 1,
    "of all": lambda n: n == 2,
}


def in_world(name: str, world: tuple[tuple[bool, bool], ...]) -> Truth:
    """What a quantifier says where nothing is unknown; None: *every* over nothing."""
    condition = QUANTIFIED[name]
    inside = [fits for where, fits in world if where or "where" not in condition]
    if name in NUMBERS:
        return NUMBERS[name](len(inside))
    satisfying = [fits or "that" not in condition for fits in inside]
    if name.startswith("every"):
        return all(satisfying) if satisfying else None
    return any(satisfying) if name.startswith("some") else not any(satisfying)


def worlds(items: tuple[Pair, ...]) -> Iterator[tuple[tuple[bool, bool], ...]]:
    """Every way in which the unknown facts of the items may turn out."""

    def may_be(value: Truth) -> tuple[bool, ...]:
        return (True, False) if value is None else (value,)

    return product(*(tuple(product(may_be(where), may_be(that))) for where, that in items))


def over_all_worlds(name: str, items: tuple[Pair, ...]) -> Truth:
    found = {in_world(name, world) for world in worlds(items)}
    return found.pop() if len(found) == 1 else None


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_quantifiers_say_what_holds_however_the_unknown_facts_turn_out(size: int) -> None:
    engine = engine_for(QUANTIFIED)
    pairs: list[Pair] = [(where, that) for where in TRUTHS for that in TRUTHS]
    for items in product(pairs, repeat=size):
        values = [{"inside": where, "fits": that} for where, that in items]
        expected = {name: OUTCOME[over_all_worlds(name, items)] for name in QUANTIFIED}
        assert outcomes(engine, {"id": "R", "items": values}) == expected


def test_a_list_that_is_not_recorded_leaves_every_quantifier_open() -> None:
    engine = engine_for(QUANTIFIED)
    for record in ({"id": "R"}, {"id": "R", "items": None}):
        assert outcomes(engine, record) == dict.fromkeys(QUANTIFIED, "not_evidenced")


# --- one of several, shares and sums ---

DAYS = (1, 2)  # of January 2010
AMOUNTS = (0, 1, 2)
OUTER = {"share": "items as x", "that": "x.fits"}
OF_SEVERAL: dict[str, dict[str, Any]] = {
    head: {head.split()[0]: "items as x", "by": "x.day", "that": "x.fits", **more}
    for kind in ("latest", "earliest")
    for head, more in ((kind, {}), (f"{kind} where", WHERE))
}
AMOUNT: dict[str, tuple[dict[str, Any], Callable[[float], bool]]] = {
    "share at least": ({**OUTER, **WHERE, "is": "at least 50 per cent"}, lambda n: n >= 50),
    "share more": ({**OUTER, **WHERE, "is": "more than 50"}, lambda n: n > 50),
    "share at most": ({**OUTER, "is": "at most 33.3 per cent"}, lambda n: n <= 33.3),
    "share fewer": ({**OUTER, "is": "fewer than 100"}, lambda n: n < 100),
    "sum at least": ({"sum": "items as x", "of": "x.amount", **WHERE, "is": "at least 3"},
                     lambda n: n >= 3),
    "sum at most": ({"sum": "items as x", "of": "x.amount", "is": "at most 3"}, lambda n: n <= 3),
    "sum is": ({"sum": "items as x", "of": "x.amount", **WHERE, "is": "is 0"}, lambda n: n == 0),
}  # fmt: skip
Part = tuple[Any, ...]
MAY_BE: tuple[Part, ...] = ((True, False), (True, False), DAYS, AMOUNTS)


def holds_in(name: str, world: tuple[Part, ...]) -> Truth:
    """What holds where nothing is unknown; None: of no share, and where two are the latest."""
    if name in OF_SEVERAL:
        inside = [(day, fits) for where, fits, day, _ in world if where or "where" not in name]
        days = [day for day, _ in inside]
        wanted = (max if name.startswith("latest") else min)(days, default=None)
        found = {fits for day, fits in inside if day == wanted}
        return len(found) == 1 and found.pop() if len(found) < 2 else None
    condition, is_so = AMOUNT[name]
    counted = [part for part in world if part[0] or "where" not in condition]
    if name.startswith("sum"):
        return is_so(sum(amount for *_, amount in counted))
    return is_so(100 * sum(fits for _, fits, *_ in counted) / len(counted)) if counted else None


@share(40)
@given(st.lists(st.tuples(*(st.sampled_from((None, *values)) for values in MAY_BE)), max_size=3))
def test_one_of_several_and_amounts_say_what_holds_in_every_world(items: list[Part]) -> None:
    ways = [
        tuple(product(*((value,) if value is not None else all_of for value, all_of in pairs)))
        for pairs in (zip(item, MAY_BE, strict=True) for item in items)
    ]
    values = [
        {"inside": where, "fits": fits, "day": day and f"2010-01-0{day}", "amount": amount}
        for where, fits, day, amount in items
    ]
    found = outcomes(_engine_of_several(), {"id": "R", "items": values})
    for name in found:
        answers = {holds_in(name, world) for world in product(*ways)}
        assert found[name] == OUTCOME[answers.pop() if len(answers) == 1 else None], name


@cache
def _engine_of_several() -> Engine:
    return engine_for({**OF_SEVERAL, **{name: each for name, (each, _) in AMOUNT.items()}})


# --- evidence is monotone ---


@st.composite
def with_more_recorded(draw: Callable[..., Any]) -> tuple[Audit, list[dict[str, Any]]]:
    """Records of rules that never ask what is recorded, and the same records with more in them.

    Facts and groups and lists that were not recorded may be; what was recorded stays, and so
    does the number of items of each list.
    """
    audit: Audit = draw(audits(presence=False))
    default = next(iter(audit.kinds))
    fuller = []
    for record in audit.records:
        kind = record.get("kind", default)
        donor = draw(records({kind: audit.kinds[kind]}))
        fuller.append(filled(draw, record, donor, audit.kinds[kind]))
    return audit, fuller


def filled(
    draw: Callable[..., Any], record: dict[str, Any], donor: dict[str, Any], group: Group
) -> dict[str, Any]:
    """The record with some of what it leaves open taken from the donor."""
    found = deepcopy(record)
    for spec in group:
        value, other = found.get(spec.name), donor.get(spec.name)
        if value is None:
            if other is not None and pick(draw, (True, True, False)):
                found[spec.name] = other
        elif spec.kind == "group" and other is not None:
            found[spec.name] = filled(draw, value, other, spec.fields)
        elif spec.kind == "list":
            donors = other or [{}]
            found[spec.name] = [
                filled(draw, item, donors[place % len(donors)], spec.fields)
                for place, item in enumerate(value)
            ]
    return found


@share(16, records=2 * RECORDS)
@given(with_more_recorded(), as_of_days())
def test_more_evidence_never_turns_a_definite_verdict_round(
    drawn: tuple[Audit, list[dict[str, Any]]], as_of: Any
) -> None:
    """Met stays met, not applicable stays so; not met may at most become excepted."""
    audit, fuller = drawn
    engine = Engine(audit.pack)
    for record, more in zip(audit.records, fuller, strict=True):
        before, after = (verdicts(engine, r, as_of) for r in (record, more))
        check_definite(before, after)


@share(6, records=2 * RECORDS)
@given(audits(presence=False), as_of_days().filter(bool))
def test_a_day_to_audit_for_never_turns_a_definite_verdict_round(audit: Audit, as_of: Any) -> None:
    """But for what is not met, or excepted, without a day: by that day it may still be to come."""
    engine = Engine(audit.pack)
    for record in audit.records:
        before, after = (verdicts(engine, record, day) for day in (None, as_of))
        to_come = {
            unit for unit, outcome in after.items() if outcome in ("not yet due", "not_evidenced")
        }
        kept = {
            unit: outcome
            for unit, outcome in before.items()
            if outcome not in ("not_met", "excepted") or unit not in to_come
        }
        check_definite(kept, after)


def check_definite(before: Verdicts, after: Verdicts) -> None:
    """Every definite verdict stands.

    Of a list that was not recorded, and to which the rule does not apply, units may appear:
    not applicable either, or not evidenced where it cannot be told whether they are units.
    """
    for (rule, unit), outcome in before.items():
        if outcome not in DEFINITE:
            continue
        allowed = MAY_BECOME.get(outcome, (outcome,))
        if (rule, unit) in after:
            assert after[rule, unit] in allowed, (rule, unit, outcome, after[rule, unit])
        else:
            assert outcome == "not_applicable"
            inside = [o for (r, u), o in after.items() if r == rule and u.startswith(f"{unit}/")]
            assert set(inside) <= {"not_applicable", "not_evidenced"}, (rule, unit, inside)


def told(finding: Finding) -> str:
    """The outcome, or that it is open: what is not yet due may still be done, and then is met."""
    if finding.due is not None:
        return "not yet due"
    waits = "not_applicable" in finding.criteria.values()
    return "excepted, not yet due" if finding.outcome == "excepted" and waits else finding.outcome


def verdicts(engine: Engine, record: dict[str, Any], as_of: Any) -> Verdicts:
    found = engine.evaluate(record, as_of=as_of)
    by_unit = {(finding.rule, finding.unit): told(finding) for finding in found}
    assert len(by_unit) == len(found), "a unit is judged once by a rule"
    return by_unit


# --- what makes no difference ---


def shuffled(draw: Callable[..., Any], value: Any) -> Any:
    """The same JSON value with the keys of every object in another order."""
    if isinstance(value, list):
        return [shuffled(draw, part) for part in value]
    if not isinstance(value, dict):
        return value
    keys = draw(st.permutations(list(value)))
    return {key: shuffled(draw, value[key]) for key in keys}


def with_unread(draw: Callable[..., Any], record: dict[str, Any], group: Group) -> dict[str, Any]:
    """The record with other values for the facts that no rule reads."""
    found = dict(record)
    unread = {
        "unread": pick(draw, (None, "other", "red")),
        "unread_items": pick(draw, (None, [], [{"unread": True}, {}])),
        "extra": pick(draw, (None, {}, {"day": "2010-04-01", "items": [{"asked": True}]})),
    }
    found.update({name: unread[name] for name in unread if name in {s.name for s in group}})
    for spec in group:
        value = found.get(spec.name)
        if spec.kind == "group" and value:
            changed = with_unread(draw, value, spec.fields)
            if says_something(changed) == says_something(value):  # whether it is recorded is read
                found[spec.name] = changed
        elif spec.kind == "list" and value and spec.name != "unread_items":
            found[spec.name] = [with_unread(draw, item, spec.fields) for item in value]
    return found


@st.composite
def with_noise(draw: Callable[..., Any]) -> tuple[Audit, list[dict[str, Any]]]:
    audit: Audit = draw(audits(count=5))
    default = next(iter(audit.kinds))
    noisy = [
        shuffled(draw, with_unread(draw, record, audit.kinds[record.get("kind", default)]))
        for record in audit.records
    ]
    return audit, noisy


@share(4, records=10)
@given(with_noise(), as_of_days())
def test_the_order_of_keys_and_facts_that_no_rule_reads_change_nothing(
    drawn: tuple[Audit, list[dict[str, Any]]], as_of: Any
) -> None:
    audit, noisy = drawn
    engine = Engine(audit.pack)
    for record, other in zip(audit.records, noisy, strict=True):
        plain, found = (engine.evaluate(r, as_of=as_of) for r in (record, other))
        assert [described(f) for f in found] == [described(f) for f in plain]


def described(finding: Any) -> tuple[Any, ...]:
    return (
        finding.rule,
        finding.unit,
        finding.outcome,
        finding.criteria,
        finding.facts,
        finding.missing,
        finding.reason,
    )
