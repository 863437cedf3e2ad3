"""From authored rules to checked ones: everything about a rule beyond its conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType

from pydantic import ValidationError

from scr_audit.errors import Place, Problem, did_you_mean, listed
from scr_audit.language.checker import (
    HEADS,
    Checker,
    Definition,
    KeyPath,
    Reporter,
)
from scr_audit.language.conditions import (
    AUDIT_DAY,
    Condition,
    DefinitionUse,
    Fact,
    Not,
    asserted,
    head_of,
    parameter_names,
)
from scr_audit.language.contradictions import contradictions
from scr_audit.language.line import LineError, constant_answer
from scr_audit.language.phrases import MOST_IN_SENTENCE
from scr_audit.language.resolve import Scope, resolve_fact
from scr_audit.language.rule import Criterion, Loop, Parameter, Rule
from scr_audit.language.says import check_says
from scr_audit.language.types import DATES, FactType, Plain, in_words
from scr_audit.packs.models import RuleFile, RuleModel, RuleSource
from scr_audit.packs.pack import Example, RecordKind
from scr_audit.packs.yaml_source import Document
from scr_audit.values.calendar import Calendar
from scr_audit.values.text import counted

_RESERVED = (*HEADS, "where", "that", "is")


@dataclass
class CheckedRules:
    """The rules of a pack that were checked so far, and what was found wrong."""

    rules: dict[str, Rule] = field(default_factory=dict)
    examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    ids: dict[str, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class PackNames:
    """What rules of every file may refer to."""

    kinds: Mapping[str, RecordKind]
    parameters: Mapping[str, Parameter]
    recommendations: tuple[str, ...]
    calendar: Calendar
    definitions: Mapping[str, Definition] = field(default_factory=dict)


def readable_part(raw: Plain) -> RuleFile:
    """What a file that does not fit says all the same, so that the rest of it is checked too."""
    top = raw if isinstance(raw, dict) else {}
    rules, define = top.get("rules"), top.get("define")
    return RuleFile.model_construct(
        define=define if isinstance(define, dict) else {},
        rules=[_readable_rule(rule) for rule in (rules if isinstance(rules, list) else [])],
    )


_UNREAD = {
    "id": "", "title": "", "record": "", "require": {}, "severity": "low",
    "source": RuleSource(paragraph=""),
}  # fmt: skip
_FITTING = {**_UNREAD, "id": "a", "title": "a", "record": "a", "require": {"a": ""}}


def _readable_rule(raw: Plain) -> RuleModel:
    """A rule without the keys that are wrong, misspelt ones as they are meant; no examples."""
    given = {**raw} if isinstance(raw, dict) else {}
    known = RuleModel.model_fields.keys()
    for key in sorted(given.keys() - known):
        meant = get_close_matches(key, known - given.keys(), n=1)
        given.update(dict.fromkeys(meant, given.pop(key)))
    given.pop("examples", None)
    try:
        rule = RuleModel.model_validate({**_FITTING, **given})
    except ValidationError as error:
        wrong = {each["loc"][0] for each in error.errors()}
        given = {key: value for key, value in given.items() if key not in wrong}
        if "if_none" in wrong:
            given["if_none"] = "not_met"
        rule = RuleModel.model_validate({**_FITTING, **given})
    return rule.model_copy(update={key: _UNREAD[key] for key in _UNREAD.keys() - given.keys()})


@dataclass(frozen=True)
class RuleText:
    """A rule file as it is written and what it says: `is_whole`, or as far as it can be read."""

    document: Document
    authored: RuleFile
    is_whole: bool = True


def reporter_on(document: Document, checked: CheckedRules) -> Reporter:
    """What takes the problems and warnings of a file into `checked`."""
    return Reporter(
        problem=lambda place, message: checked.problems.append(document.problem(place, message)),
        warning=lambda place, message: checked.warnings.append(document.problem(place, message)),
        place=document.place,
        key_place=document.key_place,
        inside=document.inside,
        ends_at_comma=document.ends_at_comma,
    )


def definitions_in(
    authored: Mapping[str, Plain],
    path: KeyPath,
    reporter: Reporter,
    wider: Mapping[str, Definition] = MappingProxyType({}),
) -> dict[str, Definition]:
    """The named conditions that stand at a path of a file; they may use the `wider` ones."""
    beside = {**wider}
    found = {
        name: Definition(name, raw, (*path, name), reporter, beside)
        for name, raw in authored.items()
    }
    beside.update(found)
    return found


def settle(definitions: Mapping[str, Definition]) -> None:
    """Report what is wrong with definitions, once all rules that may use them were checked."""
    for definition in definitions.values():
        definition.settle()


def check_rule_file(text: RuleText, known: PackNames, checked: CheckedRules) -> None:
    """Check every rule of a file into `checked`, which also receives all problems."""
    _FileChecker(text, known, checked).run()


class _FileChecker:
    """The rules of one file being checked; what is wrong is gathered, not raised."""

    def __init__(self, text: RuleText, known: PackNames, checked: CheckedRules) -> None:
        document = text.document
        self.document = document
        self.authored = text.authored
        self.is_whole = text.is_whole
        self.known = known
        self.checked = checked
        self.reporter = reporter_on(document, checked)

    def _problem(self, place: Place, message: str) -> None:
        self.reporter.problem(place, message)

    def _warning(self, place: Place, message: str) -> None:
        self.reporter.warning(place, message)

    def run(self) -> None:
        of_pack = self.known.definitions
        shared = self._definitions(self.authored.define, ("define",), of_pack)
        for index, rule in enumerate(self.authored.rules):
            path: KeyPath = ("rules", index)
            own = self._definitions(rule.define, (*path, "define"), {**of_pack, **shared})
            self._rule(rule, path, {**of_pack, **shared, **own})
            settle(own)
        settle(shared)

    def _definitions(
        self, authored: Mapping[str, Plain], path: KeyPath, wider: Mapping[str, Definition]
    ) -> dict[str, Definition]:
        """What is defined at a path; none may have the name of a `wider` one."""
        found = definitions_in(authored, path, self.reporter, wider)
        for name in found.keys() & wider.keys():
            message = f"'{name}' is already defined at {wider[name].place}; choose another name"
            self._problem(found[name].place, message)
        return found

    def _rule(
        self, authored: RuleModel, path: KeyPath, definitions: Mapping[str, Definition]
    ) -> None:
        before = len(self.checked.problems)
        kind = self._kind(authored, path)
        self._check_source(authored, path)
        self._check_id(authored, path)
        checker = Checker(self.reporter, definitions)
        if kind is None or not self.is_whole:
            checker.mark_all_used()
        if kind is None:
            return
        for name in definitions:
            if name in kind.type.fields:
                message = f"'{name}' is also a fact of {kind.name}; rename one"
                definitions[name].reporter.problem(definitions[name].place, message)
        names = Scope(
            kind.type,
            self.known.parameters,
            definitions=frozenset(definitions),
            calendar=self.known.calendar,
        )
        loops, names = self._loops(authored, path, checker, names)
        rule = self._build(authored, path, checker, names, loops, kind)
        examples = self._examples(authored, path)
        dated = self._dated_parameters(rule)
        if dated and authored.in_force_on is None and self.is_whole:
            self._report_undated(dated[0], path)
        if len(self.checked.problems) > before or checker.extent.failed:
            return
        if rule.in_force_on is not None and not _parameters(rule):
            self._problem(
                self.document.key_place((*path, "in_force_on")),
                "'in_force_on' has no effect: the rule uses no parameter",
            )
        self.checked.rules[rule.id] = rule
        self.checked.examples[rule.id] = examples

    def _kind(self, authored: RuleModel, path: KeyPath) -> RecordKind | None:
        kind = self.known.kinds.get(authored.record)
        if kind is None and authored.record:
            hint = did_you_mean(authored.record, self.known.kinds)
            self._problem(
                self.document.place((*path, "record")),
                f"there is no record kind '{authored.record}'.{hint} "
                f"Kinds: {listed(self.known.kinds)}.",
            )
        return kind

    def _check_source(self, authored: RuleModel, path: KeyPath) -> None:
        known = self.known.recommendations
        paragraph = authored.source.paragraph
        if known and paragraph and paragraph not in known:
            self._problem(
                self.document.place((*path, "source", "paragraph")),
                f"'{paragraph}' is not in recommendations.yaml.{did_you_mean(paragraph, known)}",
            )

    def _check_id(self, authored: RuleModel, path: KeyPath) -> None:
        if not authored.id:
            return  # it could not be read
        place = self.document.place((*path, "id"))
        first = self.checked.ids.setdefault(authored.id, place)
        if first is not place:
            self._problem(place, f"the rule id '{authored.id}' is already used at {first}")

    def _loops(
        self, authored: RuleModel, path: KeyPath, checker: Checker, names: Scope
    ) -> tuple[tuple[Loop, ...], Scope]:
        raw = authored.for_each
        lines = raw if isinstance(raw, list) else [] if raw is None else [raw]
        if isinstance(raw, list) and not raw:
            self._problem(self.document.place((*path, "for_each")), "expected at least one loop")
        outcomes = self._if_none(authored, path, len(lines))
        loops: list[Loop] = []
        for index, line in enumerate(lines):
            at: KeyPath = (
                (*path, "for_each", index) if isinstance(raw, list) else (*path, "for_each")
            )
            bound = checker.loop(line, at, names)
            if bound is None:
                continue
            items, variable, item = bound
            if loops and items.variable != loops[-1].variable:
                outer = loops[-1].variable
                self._problem(
                    self.document.place(at),
                    f"this list must be inside '{outer}', the loop above: write {outer}.LIST as "
                    "NAME",
                )
            outcome = outcomes[index] if index < len(outcomes) else "not_applicable"
            loops.append(Loop(items, variable, outcome))
            names = names.binding(variable, item)
        if raw is None and authored.where is not None:
            place = self.document.key_place((*path, "where"))
            self._problem(place, "'where' has no meaning without 'for_each'")
        return tuple(loops), names

    def _if_none(self, authored: RuleModel, path: KeyPath, loops: int) -> list[str]:
        """The outcome for each loop: one for all of them, or a list with one for each."""
        given = authored.if_none
        if given is None:
            if loops:
                self._problem(
                    self.document.key_place((*path, "for_each")),
                    "a rule with 'for_each' needs 'if_none': the outcome where there is nothing "
                    "to judge (not_applicable, not_met or not_evidenced)",
                )
            return []
        place = self.document.key_place((*path, "if_none"))
        if not loops:
            self._problem(place, "'if_none' has no meaning without 'for_each'")
        elif isinstance(given, list) and len(given) != loops:
            self._problem(
                place,
                f"'if_none' lists {counted(len(given), 'outcome')} for {counted(loops, 'loop')}",
            )
        return list(given) if isinstance(given, list) else [given] * loops

    def _build(
        self,
        authored: RuleModel,
        path: KeyPath,
        checker: Checker,
        names: Scope,
        loops: tuple[Loop, ...],
        kind: RecordKind,
    ) -> Rule:
        where = self._optional(authored, "where", path, checker, names)
        applies = self._optional(authored, "applies_when", path, checker, names)
        require = self._criteria(authored.require, (*path, "require"), checker, names)
        excepted = self._criteria(authored.except_when, (*path, "except_when"), checker, names)
        in_force_on = self._in_force_on(authored, path, names)
        require = tuple(self._with_sentences(authored, each, path, names) for each in require)
        self._report_says_of_nothing(authored, path)
        self._report_unreachable(applies, require, path)
        self._report_contradictions(path, {"where": where, "applies_when": applies}, require)
        unit = _unit_names(loops, kind)
        return Rule(
            id=authored.id,
            title=authored.title,
            paragraph=authored.source.paragraph,
            see=tuple(authored.source.see),
            kind=kind.name,
            loops=loops,
            where=where,
            applies_when=applies,
            require=require,
            except_when=excepted,
            in_force_on=in_force_on,
            severity=authored.severity,
            advice=authored.advice,
            unit=unit[0],
            units=unit[1],
            place=self.document.key_place((*path, "id")),
            called=checker.called({"called": authored.called} if authored.called else {}, path),
        )

    def _optional(
        self, authored: RuleModel, key: str, path: KeyPath, checker: Checker, names: Scope
    ) -> Condition | None:
        """The condition under a key that may be left out, but not left empty."""
        if key not in authored.model_fields_set:
            return None
        return checker.condition(getattr(authored, key), (*path, key), names)

    def _criteria(
        self, authored: Mapping[str, Plain], path: KeyPath, checker: Checker, names: Scope
    ) -> tuple[Criterion, ...]:
        found = []
        for name, raw in authored.items():
            at = (*path, name)
            if name in _RESERVED:
                self._problem(
                    self.document.key_place(at),
                    f"'{name}' is a word of the language; give the criterion a name of its own, "
                    f"with the condition below it",
                )
                continue
            if checker.divided(authored, name, path):
                continue
            condition = checker.condition(raw, at, names)
            if condition is not None:
                found.append(Criterion(name, condition, place=self.document.key_place(at)))
        return tuple(found)

    def _with_sentences(
        self, authored: RuleModel, criterion: Criterion, path: KeyPath, names: Scope
    ) -> Criterion:
        """A criterion with the rule's own sentences for it; each mistake is told at its place."""
        said = authored.says.get(criterion.name)
        if said is None:
            return criterion
        found: dict[str, tuple[str, ...]] = {}
        for key in ("no", "unknown"):
            written = getattr(said, key)
            at: KeyPath = (*path, "says", criterion.name, key)
            places = [at] if isinstance(written, str) else [(*at, n) for n in range(len(written))]
            texts = [written] if isinstance(written, str) else written
            for text, place in zip(texts, places, strict=True):
                try:
                    check_says(text, names, criterion.condition)
                except ValueError as error:
                    self._problem(self.document.place(place), str(error))
                if (words := len(text.split())) > MOST_IN_SENTENCE:
                    self._warning(self.document.place(place), f"a sentence of {words} words; more "
                        f"than {MOST_IN_SENTENCE} are hard to read; make it two")  # fmt: skip
            found[key] = tuple(texts)
        return replace(criterion, no=found["no"], unknown=found["unknown"])

    def _report_says_of_nothing(self, authored: RuleModel, path: KeyPath) -> None:
        for name in authored.says if authored.require else ():  # else it could not be read
            if name not in authored.require:
                hint = did_you_mean(name, authored.require) or (
                    f" Criteria: {listed(authored.require)}."
                )
                place = self.document.key_place((*path, "says", name))
                self._problem(place, f"the rule has no criterion '{name}'.{hint}")

    def _report_unreachable(
        self, applies: Condition | None, require: tuple[Criterion, ...], path: KeyPath
    ) -> None:
        if applies is not None and constant_answer(applies) is not None:
            always = "always" if constant_answer(applies) else "never"
            place = self.document.key_place((*path, "applies_when"))
            self._problem(place, f"the rule {always} applies")
        seen: dict[Condition, str] = {}
        for criterion in require:
            answer = constant_answer(criterion.condition)
            if answer is not None:
                fails = "never fails" if answer else "can never be met"
                self._problem(
                    criterion.place, f"the criterion '{criterion.name}' {fails}: it tests nothing"
                )
            if applies is not None and criterion.condition in tuple(asserted(applies)):
                self._problem(
                    criterion.place,
                    f"the criterion '{criterion.name}' never fails where the rule applies: "
                    f"'applies_when' already demands it",
                )
            if criterion.condition in seen:
                self._problem(
                    criterion.place,
                    f"the criterion '{criterion.name}' says the same as "
                    f"'{seen[criterion.condition]}'",
                )
            seen[criterion.condition] = criterion.name

    def _report_contradictions(
        self, path: KeyPath, gates: Mapping[str, Condition | None], require: tuple[Criterion, ...]
    ) -> None:
        """Report conditions that a unit would have to satisfy to be met, and cannot."""
        named = [
            Criterion(key, gate, place=self.document.key_place((*path, key)))
            for key, gate in gates.items()
            if gate is not None
        ]
        parts = [(each, part) for each in (*named, *require) for part in asserted(each.condition)]
        for first, number in contradictions(part for _, part in parts):
            (of, one), (criterion, other) = parts[first], parts[number]
            self._problem(
                criterion.place,
                f"nothing can satisfy both '{_condition_line(one)}' ({of.name}) and "
                f"'{_condition_line(other)}' ({criterion.name}), so no unit is ever met; "
                "drop one, or join them with any:",
            )

    def _in_force_on(self, authored: RuleModel, path: KeyPath, names: Scope) -> Fact | None:
        if authored.in_force_on is None:
            return None
        at = (*path, "in_force_on")
        try:
            fact = resolve_fact(names, authored.in_force_on, 0)
        except LineError as error:
            self._problem(self.document.inside(at, error.offset), error.message)
            return None
        if fact.type.kind not in DATES:
            self._problem(
                self.document.place(at), f"'{fact}' is {fact.type.kind.value}, not a date"
            )
        return fact

    def _dated_parameters(self, rule: Rule) -> list[str]:
        """The rule's parameters with effective dates."""
        return [name for name in _parameters(rule) if not self.known.parameters[name].constant]

    def _report_undated(self, parameter: str, path: KeyPath) -> None:
        self._problem(
            self.document.key_place((*path, "id")),
            f"the parameter '{parameter}' has effective dates, so the rule needs "
            f"'in_force_on': the date of the event that is judged",
        )

    def _examples(self, authored: RuleModel, path: KeyPath) -> tuple[Example, ...]:
        found = []
        for index, example in enumerate(authored.examples):
            at = (*path, "examples", index)
            if example.as_of is not None:
                try:
                    date.fromisoformat(example.as_of)
                except ValueError:
                    self._problem(self.document.place((*at, "as_of")), "expected a whole date")
            place = self.document.place(at)
            found.append(
                Example(
                    example.name, example.expect, example.says, example.given, example.as_of, place
                )
            )
        return tuple(found)


def _condition_line(condition: Condition) -> str:
    """A condition as it is written, as far as one line says it."""
    if isinstance(condition, Not):
        return f"not {_condition_line(condition.part)}"
    return condition.name if isinstance(condition, DefinitionUse) else head_of(condition)


def _parameters(rule: Rule) -> list[str]:
    """The pack's parameters that a rule uses."""
    names = {name for condition in rule.conditions() for name in parameter_names(condition)}
    return sorted(names - {AUDIT_DAY})


def _unit_names(loops: tuple[Loop, ...], kind: RecordKind) -> tuple[str, str]:
    """What one unit is called, and several."""
    if not loops:
        return kind.name.replace("_", " "), kind.plural.replace("_", " ")
    items = loops[-1].items
    item: FactType | None = items.type.item
    plural = in_words(items.steps[-1])
    return (item.name if item and item.name else loops[-1].variable), plural
