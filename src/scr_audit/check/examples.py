"""A rule's examples are its tests: each gives what it expects; and conditions tried on records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product

from scr_audit.anonymity.patterns import identifiers_in
from scr_audit.errors import InputError, PackError, Place, RecordError, listed
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.interpreter import Interpreter, Traces, UnitJudgement
from scr_audit.evaluate.names import Names
from scr_audit.evaluate.outcomes import NOT_EVIDENCED, NOT_MET, OUTCOMES
from scr_audit.evaluate.program import KindJudge
from scr_audit.evaluate.reasons import explain
from scr_audit.language.checker import KeyPath
from scr_audit.language.conditions import (
    All,
    AnyOf,
    Combiner,
    Condition,
    Test,
    Truth,
    children,
    joined,
)
from scr_audit.language.line import LineError, parse_line
from scr_audit.language.rule import Rule
from scr_audit.language.types import Plain
from scr_audit.packs.models import RuleFile
from scr_audit.packs.pack import Example, Pack
from scr_audit.packs.rules import CheckedRules, PackNames, RuleText, check_rule_file
from scr_audit.packs.yaml_source import Document, Spot, read_yaml
from scr_audit.records.decode import RecordDecoder, decoder_of
from scr_audit.records.structs import Record
from scr_audit.values.calendar import calendar_named

ALL_TRUTHS = frozenset({True, False, None})


@dataclass(frozen=True)
class Failure:
    """An example that does not hold, or (without `example`) outcomes that no example shows.

    `expected` and `found` are the outcomes in words, where the example could be judged.
    """

    rule: str
    place: Place
    message: str
    example: Example | None = None
    expected: str = ""
    found: str = ""


@dataclass(frozen=True)
class Case:
    """An example ready to be judged: its typed record and its day.

    `traces` are those known of the record, by which the rule and its mutants are judged: most of
    what they ask is the same.
    """

    example: Example
    record: Record
    as_of: date | None
    interpreter: Interpreter
    traces: Traces = field(default_factory=dict)

    def judge(self, rule: Rule) -> list[UnitJudgement]:
        """The judgements of every unit of the rule in the record."""
        return self.interpreter.judge(rule, self.record, self.traces)


def cases_of(pack: Pack, rule: Rule, decoder: RecordDecoder) -> tuple[list[Case], list[Failure]]:
    """The rule's examples as typed records, and those that do not fit the record schema."""
    cases, failures = [], []
    interpreters: dict[date | None, Interpreter] = {}
    for example in pack.examples[rule.id]:
        given = {"id": "example", **example.given}
        as_of = None if example.as_of is None else date.fromisoformat(example.as_of)
        try:
            record = decoder.from_values(given, rule.kind)
            if as_of not in interpreters:
                interpreters[as_of] = Interpreter(pack.parameters, as_of)
            cases.append(Case(example, record, as_of, interpreters[as_of]))
        except RecordError as error:
            problems = "; ".join(str(problem) for problem in error.problems)
            message = f"example '{example.name}' is not a {rule.kind} record: {problems}"
            failures.append(Failure(rule.id, example.place, message, example))
    return cases, failures


def outcomes_of(rule: Rule, case: Case) -> dict[str, str]:
    """The interpreter's outcome for every unit of the example, by the unit's pointer."""
    return {judgement.pointer: OUTCOMES[judgement.outcome] for judgement in case.judge(rule)}


def run_examples(pack: Pack, rule: Rule, cases: list[Case]) -> Iterator[Failure]:
    """Every example that does not hold, and every reachable outcome that none shows."""
    judge = KindJudge(rule.kind, (rule,), pack.parameters)
    shown: set[str] = set()
    for case in cases:
        found = outcomes_of(rule, case)
        shown |= set(found.values())
        expected = case.example.expect
        if isinstance(expected, str):
            expected = dict.fromkeys(found, expected)
        if found != expected:
            yield _unexpected(rule, case.example, expected, found)
        yield from _wrong_words(rule, case)
        compiled = _compiled_outcomes(judge, case)
        if compiled != found:
            yield _evaluators_differ(rule, case.example, compiled, found)
    absent = [outcome for outcome in reachable(rule) if outcome not in shown]
    if absent:
        what = (
            "no example shows"
            if pack.examples[rule.id]
            else "the rule has no examples, and needs one each for"
        )
        yield Failure(rule.id, rule.place, f"{what} {listed(absent)}")


def reasons_of(rule: Rule, case: Case) -> dict[str, str]:
    """The reason of each unit of an example that says one, by the unit's pointer."""
    wanted = case.example.says
    names = Names(case.record)
    return {
        judgement.pointer: explain(judgement, names).reason
        for judgement in case.judge(rule)
        if isinstance(wanted, str) or judgement.pointer in wanted
    }


def _wrong_words(rule: Rule, case: Case) -> Iterator[Failure]:
    """Each reason that is not as the example says."""
    wanted = case.example.says
    if not wanted:
        return
    found = reasons_of(rule, case)
    if isinstance(wanted, str):
        wanted = dict.fromkeys(found, wanted)
    for pointer, says in wanted.items():
        got = found.get(pointer, "there is no such unit")
        if got != says:
            at = f" of {pointer}" if pointer else ""
            message = f"example '{case.example.name}' says{at} “{says}”; found “{got}”"
            yield Failure(rule.id, case.example.place, message, case.example, says, got)


def _unexpected(
    rule: Rule, example: Example, expected: Mapping[str, str], found: Mapping[str, str]
) -> Failure:
    told = _outcomes_text if expected.keys() == found.keys() else _by_unit
    wanted, got = told(expected), told(found)
    message = f"example '{example.name}' expects {wanted}; found {got}"
    return Failure(rule.id, example.place, message, example, wanted, got)


def _evaluators_differ(
    rule: Rule, example: Example, compiled: Mapping[str, str], found: Mapping[str, str]
) -> Failure:
    """The two evaluators disagree, which is never the fault of the rule."""
    message = (
        f"example '{example.name}': the compiled rule gives {_outcomes_text(compiled)}, "
        f"the interpreter {_outcomes_text(found)}; please report this fault of the engine"
    )
    return Failure(rule.id, example.place, message, example)


def _compiled_outcomes(judge: KindJudge, case: Case) -> dict[str, str]:
    findings = judge.findings(case.record, case.as_of, imprecise=True)
    return {finding.unit: finding.outcome for finding in findings}


def _outcomes_text(outcomes: Mapping[str, str]) -> str:
    if len(set(outcomes.values())) == 1:
        return next(iter(outcomes.values()))
    return _by_unit(outcomes)


def _by_unit(outcomes: Mapping[str, str]) -> str:
    each = (f"{pointer or 'the record'} {name}" for pointer, name in outcomes.items())
    return ", ".join(each) or "no unit"


def reachable(rule: Rule) -> list[str]:
    """The outcomes that some record can give, as far as the shape of the rule shows."""
    applies = ALL_TRUTHS if rule.applies_when is None else truths(rule.applies_when)
    judged = {True} if rule.applies_when is None else applies
    require = truths(All(rule.asked))
    found = set()
    if True in judged:
        found |= {name for name, value in _VERDICTS.items() if value in require}
    if None in judged and rule.applies_when is not None:
        found.add("not_evidenced")
    if False in judged and rule.applies_when is not None:
        found.add("not_applicable")
    if rule.loops:
        found |= {"not_evidenced", *(loop.if_none for loop in rule.loops)}
    if rule.except_when and "not_met" in found:
        found.add("excepted")
    return [name for name in OUTCOMES if name in found]


_VERDICTS: dict[str, Truth] = {"met": True, "not_met": False, "not_evidenced": None}


def truths(condition: Condition) -> frozenset[Truth]:
    """The truth values that a condition can have, taking its parts as independent."""
    if isinstance(condition, Test) and condition.operator.takes_unknown:
        return ALL_TRUTHS - {None}
    if not isinstance(condition, Combiner):
        return ALL_TRUTHS
    parts = [truths(part) for part in children(condition)]
    if isinstance(condition, All | AnyOf):
        parts = list(set(parts))  # of equal parts one is enough
    return frozenset(joined(condition, answers) for answers in product(*parts))


_SAID = {NOT_MET: "Not met", NOT_EVIDENCED: "Not evidenced"}


def sentences_page(pack: Pack) -> str:
    """Markdown: by rule each reason that its examples show, not met before not evidenced.

    No program can tell that a sentence is true or reads well: a person does, who reads this.
    """
    decoder = decoder_of(pack)
    lines = [f"# What the rules of {pack.id} say", "", f"{pack.title}. The examples are invented."]
    for rule in pack.rules:
        lines += ["", f"## {rule.title}", "", f"Recommendation {rule.paragraph}, `{rule.id}`.", ""]
        lines += _reasons(pack, rule, decoder)
    return "\n".join([*lines, ""])


def _reasons(pack: Pack, rule: Rule, decoder: RecordDecoder) -> Iterator[str]:
    cases, _ = cases_of(pack, rule, decoder)
    for outcome, words in _SAID.items():
        said = dict.fromkeys(
            explain(judgement, Names(case.record)).reason
            for case in cases
            for judgement in case.judge(rule)
            if judgement.outcome == outcome
        )
        yield from (f"- {words}: {reason}" for reason in said)


GIVEN = "(given)"  # what stands for the file that a condition is in
ID = "trial"
_AT: KeyPath = ("rules", 0, "require", "it")


def trial_pack(pack: Pack, condition: str, kind: str, for_each: Sequence[str] = ()) -> Pack:
    """The pack with one rule, which is met by each unit that the condition holds for.

    `condition` is a line or, as in a rule file, YAML; `for_each` are lists, `visits as visit`.
    Raises `PackError` with all that is wrong, `InputError` where that would name somebody.
    """
    given = _read(condition)
    rule: dict[str, Plain] = {
        "id": ID,
        "title": "The condition that is tried",
        "source": {"paragraph": ""},
        "record": kind,
        "require": {"it": given.value},
        "severity": "low",
    }
    if for_each:
        rule |= {"for_each": [*for_each], "if_none": "not_applicable"}
    document = _placed(given, for_each, {"rules": [rule]})
    known = PackNames(pack.kinds, pack.parameters, (), calendar_named(pack.calendar))
    checked = CheckedRules()
    check_rule_file(RuleText(document, RuleFile.model_validate(document.value)), known, checked)
    if checked.problems:
        if identifiers_in(condition):  # a part of it, repeated, would no longer look like one
            raise InputError("the condition holds an identifier; say it without")
        raise PackError(
            replace(each, message=each.message.replace("the criterion 'it'", "the condition"))
            for each in checked.problems
        )
    return replace(pack, rules=tuple(checked.rules.values()), examples=checked.examples)


def answer(finding: Finding) -> str:
    """What a condition that is tried says of a unit, in words."""
    if finding.outcome == "not_applicable":
        return "not yet due" if finding.judgement.waiting else "nothing to ask"
    return {"met": "yes", "not_met": "no"}.get(finding.outcome, "not recorded")


def _placed(read: Document, for_each: Sequence[str], value: Plain) -> Document:
    """The condition where it stands in a rule file of this value, and the lists on lines below."""
    values: dict[KeyPath, Spot] = {(*_AT, *path): spot for path, spot in read.values.items()}
    for number in range(len(for_each)):
        values["rules", 0, "for_each", number] = len(read.lines) + number + 1, 1
    return replace(
        read,
        value=value,
        lines=[*read.lines, *for_each],
        values=values,
        keys={(*_AT, *path): spot for path, spot in read.keys.items()},
        quoted={(*_AT, *path): style for path, style in read.quoted.items()},
        brackets={(*_AT, *path) for path in read.brackets},
    )


def _read(condition: str) -> Document:
    line = Document(GIVEN, [condition], condition, {(): (1, 1)})
    try:
        read = read_yaml(condition.encode(), GIVEN)
    except PackError:
        if "\n" not in condition and (_is_line(condition) or condition[:1] not in ("{", "[")):
            return line
        raise
    return line if isinstance(read.value, str) and "\n" not in condition else read


def _is_line(text: str) -> bool:
    try:
        parse_line(text)
    except LineError:
        return False
    return True
