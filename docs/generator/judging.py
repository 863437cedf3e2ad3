"""How a unit is judged, as tables: the three answers, the stages, lists, parameters, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any, get_args

from generator import answers
from generator.markdown import answer, outcome, shown, table, weekday
from scr_audit.evaluate.outcomes import OUTCOMES, outcome_of
from scr_audit.evaluate.parameters import Either, in_force
from scr_audit.language.conditions import conjoin, disjoin, negate, weigh
from scr_audit.language.rule import Rule
from scr_audit.packs.models import IfNone
from scr_audit.packs.pack import CALENDAR
from scr_audit.values.calendar import calendar_named
from scr_audit.values.imprecise import parse_date

TRUTHS = (True, False, None)
IF_NONE = get_args(IfNone)
_ANY = "any"
_VISITS = "visits as visit"


def kleene() -> str:
    """*all*, *any* and *not* over the three answers."""
    pairs = list(product(TRUTHS, repeat=2))
    both = [
        [answer(a), answer(b), answer(conjoin((a, b))), answer(disjoin((a, b)))] for a, b in pairs
    ]
    single = [[answer(a), answer(negate(a))] for a in TRUTHS]
    return "\n\n".join(
        [table(["one", "the other", "`all`", "`any`"], both), table(["one", "`not`"], single)]
    )


def weighed() -> str:
    """What is shown beside what is said, over the three answers."""
    pairs = list(product(TRUTHS, repeat=2))
    rows = [[answer(shown), answer(said), answer(weigh(shown, said))] for shown, said in pairs]
    return table(["`shown`", "`said`", "together"], rows)


def criteria() -> str:
    """The outcome of two criteria."""
    rows = [
        [answer(a), answer(b), outcome(OUTCOMES[outcome_of((a, b), (a, b))])]
        for a, b in product(TRUTHS, repeat=2)
    ]
    return table(["one criterion", "the other", "outcome"], rows)


def stages() -> str:
    """The stages of a rule; a dash where the fact makes no difference, which is tried."""
    patterns: list[tuple[Any, Any, Any]] = [
        (False, _ANY, _ANY),
        (None, _ANY, _ANY),
        (True, True, _ANY),
        (True, None, _ANY),
        (True, False, True),
        (True, False, False),
        (True, False, None),
    ]
    rows = []
    for pattern in patterns:
        choices = [TRUTHS if part == _ANY else (part,) for part in pattern]
        found = {_staged(*values) for values in product(*choices)}
        if len(found) > 1:
            raise answers.RefusedError(f"{pattern} gives {found}")
        rows.append([*("–" if p == _ANY else answer(p) for p in pattern), outcome(found.pop())])
    return table(["`applies_when`", "`require`", "`except_when`", "outcome"], rows)


def _staged(planned: bool | None, seen: bool | None, away: bool | None) -> str:
    rule = answers.pack().rule("child-seen-at-visits")
    visit = {"planned": planned, "child_seen": seen, "child_away": away}
    return answers.outcomes(rule, {"visits": [visit]})["/visits/0"]


def lists() -> str:
    """What a rule with `for_each` and `where: visit.planned` says of a whole list."""
    where = answers.checked("visit.planned", loop=_VISITS)
    rule = replace(answers.pack().rule("child-seen-at-visits"), where=where, applies_when=None)
    records: list[tuple[str, list[dict[str, Any]] | None]] = [
        ("*not recorded*", None),
        ("`[]`", []),
        ("one, not planned", [{"planned": False, "child_seen": True}]),
        ("one, not told whether planned", [{"planned": None, "child_seen": True}]),
        ("one, planned, the child seen", [{"planned": True, "child_seen": True}]),
    ]
    heads = ["`visits`", "finding at", *(f"`if_none: {name}`" for name in IF_NONE)]
    rows = []
    for words, visits in records:
        found = [answers.outcomes(_empty(rule, name), {"visits": visits}) for name in IF_NONE]
        pointer = next(iter(found[0]))
        rows.append([words, f"`{pointer}`", *(outcome(each[pointer]) for each in found)])
    return table(heads, rows)


def _empty(rule: Rule, outcome: str) -> Rule:
    """The rule with another outcome for a list that has no units."""
    return replace(rule, loops=tuple(replace(loop, if_none=outcome) for loop in rule.loops))


def quantifiers() -> str:
    """The quantifiers over lists of visits at which the child was seen, not seen, or neither."""
    conditions = {
        "`some`": {"some": _VISITS, "that": "visit.child_seen"},
        "`every`": {"every": _VISITS, "that": "visit.child_seen"},
        "`none`": {"none": _VISITS, "that": "visit.child_seen"},
        "`count`, at least 2": {
            "count": _VISITS, "where": "visit.child_seen", "is": "at least 2",
        },
    }  # fmt: skip
    items: list[Sequence[bool | None]] = [
        [True], [False], [None], [True, True], [True, False], [True, None], [False, None],
        [True, True, None], [],
    ]  # fmt: skip
    lists: list[tuple[str, Any]] = [
        (", ".join(answer(seen) for seen in seens) or "`[]`: there were no visits",
         [{"child_seen": seen} for seen in seens])
        for seens in items
    ]  # fmt: skip
    lists.append(("the list is not recorded", None))
    return _over(conditions, "child seen at each visit", lists)


def words() -> str:
    """The questions about a list of words."""
    agencies = "meeting.agencies as agency"
    that = "agency is not one of police, probation"
    conditions = {f"`{kind}`": {kind: agencies, "that": that} for kind in ("some", "every", "none")}
    conditions["`count`, 1"] = {"count": agencies, "where": that, "is": "1"}
    lists = [["police"], ["police", "childrens_social_care"], [], None]
    facts = [(shown(found), {"meeting": {"agencies": found}}) for found in lists]
    return _facts(conditions, "`meeting.agencies`", facts)


def several() -> str:
    """The questions about one of several items, and about what they come to together."""
    conditions = {
        "`latest`": {"latest": _VISITS, "by": "visit.date", "that": "visit.child_seen"},
        "`share`, at least 50 per cent":
            {"share": _VISITS, "that": "visit.child_seen", "is": "at least 50 per cent"},
        "`sum` of `minutes`, at least 60":
            {"sum": _VISITS, "of": "visit.minutes", "is": "at least 60"},
    }  # fmt: skip
    first = {"date": "2010-05-03", "child_seen": False, "minutes": 45}
    seen, same_day = ({"date": f"2010-05-{day}", "child_seen": True} for day in ("17", "03"))
    lists: list[tuple[str, Any]] = [
        ("3 May, not seen, 45 minutes", [first]),
        ("the same, and 17 May, seen, 15 minutes", [first, {**seen, "minutes": 15}]),
        ("the same, the minutes of 17 May not recorded", [first, seen]),
        ("the same, the second without its day", [first, {"child_seen": True, "minutes": 15}]),
        ("two of 3 May, one not seen, 45 minutes each", [first, {**same_day, "minutes": 45}]),
        (
            "3 May, not seen, and 17 May, not told whether seen",
            [first, {**seen, "child_seen": None}],
        ),
        ("`[]`: there were no visits", []),
    ]
    return _over(conditions, "the visits", lists)


def limits() -> str:
    """A line and a count that a fact of the record limits."""
    conditions = {
        "`contact.date within plan.visits_due days after birth.date`":
            "contact.date within plan.visits_due days after birth.date",
        "`count: visits as visit`, `is: at least plan.visits_due`":
            {"count": _VISITS, "is": "at least plan.visits_due"},
    }  # fmt: skip
    days = {"contact": {"date": "2009-08-16"}, "birth": {"date": "2009-08-14"}}
    facts = [
        (shown(due), {**days, "visits": [{}, {}], "plan": {"visits_due": due}})
        for due in (1, 2, 3, None)
    ]
    return _facts(conditions, "`plan.visits_due`", facts)


def filtered() -> str:
    """The quantifiers with `where`, over one visit."""
    conditions = {
        f"`{kind}`": {kind: _VISITS, "where": "visit.planned", "that": "visit.child_seen"}
        for kind in ("some", "every", "none")
    }
    lists = [
        (f"planned: {answer(planned)}; seen: {answer(seen)}",
         [{"planned": planned, "child_seen": seen}])
        for planned, seen in product(TRUTHS, repeat=2)
    ]  # fmt: skip
    return _over(conditions, "the only visit", lists)


def _over(conditions: Mapping[str, Any], head: str, lists: list[tuple[str, Any]]) -> str:
    checked = [answers.checked(raw) for raw in conditions.values()]
    rows = [
        [words, *(answer(answers.answer(condition, {"visits": visits})) for condition in checked)]
        for words, visits in lists
    ]
    return table([head, *conditions], rows)


def recorded() -> str:
    """The three that never collapse into each other: not recorded, none, and no."""
    fact = {"`conditions_recorded`": "conference.bail.conditions_recorded",
            "`not conditions_recorded`": "not conference.bail.conditions_recorded",
            "`… is recorded`": "conference.bail.conditions_recorded is recorded"}  # fmt: skip
    facts = [
        (f"`{text}`", answers.nested({"conference.bail.conditions_recorded": value}))
        for text, value in (("true", True), ("false", False), ("null", None))
    ]
    facts.append(("*absent*", {}))
    items = {"`some: visits`": {"some": _VISITS}, "`none: visits`": {"none": _VISITS},
             "`visits is recorded`": "visits is recorded"}  # fmt: skip
    lists: list[tuple[str, dict[str, Any]]] = [
        ("`[{...}]`", {"visits": [{}]}), ("`[]`", {"visits": []}),
        ("`null`", {"visits": None}), ("*absent*", {}),
    ]  # fmt: skip
    return "\n\n".join([_facts(fact, "a yes/no fact", facts), _facts(items, "a list", lists)])


def _facts(
    conditions: Mapping[str, Any], head: str, given: list[tuple[str, dict[str, Any]]]
) -> str:
    checked = [answers.checked(raw) for raw in conditions.values()]
    rows = [
        [words, *(answer(answers.answer(condition, facts)) for condition in checked)]
        for words, facts in given
    ]
    return table([head, *conditions], rows)


def effective() -> str:
    """The value of the pack's dated parameter on the day of an event."""
    value_on = in_force(answers.pack().parameters["visit_days"])
    rows = []
    for text in ("2010-03-31", "2010-04-01", "2010-03", "2010-04", "2010", None):
        value = value_on(None if text is None else parse_date(text))
        if isinstance(value, Either):
            said = " or ".join(shown(each) for each in value.values)
        else:
            said = "not known" if value is None else shown(value)
        rows.append([shown(text), said])
    return table(["`referral.date`", "`{visit_days}`"], rows)


def working_days() -> str:
    """Working days from some days on."""
    days = [(date(2026, 4, 2), (0, 1, 2)), (date(2026, 12, 24), (1,)), (date(2009, 8, 14), (15,))]
    rows = []
    for start, numbers in days:
        for number in numbers:
            reached = calendar_named(CALENDAR).add(start, number)
            assert reached is not None
            rows.append([weekday(start), str(number), weekday(reached)])
    return table(["the day of the object, day 0", "working days", "the last day in time"], rows)


def times() -> str:
    """Date-times compared with each other and with dates."""
    rows = []
    for line, facts in (
        ("referral.written_at after referral.made_at",
         {"referral.made_at": "2010-05-04T09:00", "referral.written_at": "2010-05-04T14:30"}),
        ("referral.written_at after referral.made_at",
         {"referral.made_at": "2010-05-04", "referral.written_at": "2010-05-04T14:30"}),
        ("referral.written_at after referral.date",
         {"referral.date": "2010-05-04", "referral.written_at": "2010-05-04T14:30"}),
        ("referral.written_at within 1 days after referral.made_at",
         {"referral.made_at": "2010-05-04T09:00", "referral.written_at": "2010-05-05T23:00"}),
        ("referral.written_at within 24 hours after referral.made_at",
         {"referral.made_at": "2010-05-04T09:00", "referral.written_at": "2010-05-05T23:00"}),
        ("referral.written_at within 48 hours after referral.made_at",
         {"referral.made_at": "2026-03-28T09:00", "referral.written_at": "2026-03-30T09:45"}),
        ("referral.written_at within 1 hours after referral.made_at",
         {"referral.made_at": "2026-10-25T00:30Z", "referral.written_at": "2026-10-25T01:30"}),
        ("referral.written_at within 1 hours after referral.made_at",
         {"referral.made_at": "2026-10-25T00:15Z", "referral.written_at": "2026-10-25T01:30"}),
    ):  # fmt: skip
        value = answers.answer(answers.checked(line), answers.nested(facts))
        rows.append([f"`{line}`", *(shown(fact) for fact in facts.values()), answer(value)])
    return table(["line", "the object", "the subject", "answer"], rows)
