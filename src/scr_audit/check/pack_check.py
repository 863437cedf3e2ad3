"""Checking a pack: its examples and mutations, rule by rule, and notes where nothing is wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from types import MappingProxyType

from scr_audit.check.examples import Failure, cases_of, run_examples
from scr_audit.check.mutations import (
    DefinitionChange,
    Mutant,
    killed_and_alive,
    noticed_changes,
)
from scr_audit.engine import with_rules
from scr_audit.errors import PackError, Problem, listed
from scr_audit.forms.assembly import field_of_path
from scr_audit.forms.questions import facts_read
from scr_audit.language.conditions import (
    Count,
    Quantifier,
    parameter_names,
    walk,
)
from scr_audit.language.phrases import NO_WORDS
from scr_audit.language.rule import Rule
from scr_audit.language.types import FactPath, FactType, Field, Kind
from scr_audit.mappings.mapping_loader import MappingCheck, check_mappings
from scr_audit.packs.pack import Example, Pack
from scr_audit.packs.pack_files import PACK_FILE, SCHEMA_FILE
from scr_audit.plans.pack_of_plan import apply_plan, plan_problems
from scr_audit.plans.plan import AuditPlan, load_plan
from scr_audit.records.decode import RecordDecoder, decoder_of
from scr_audit.report.wording import percent
from scr_audit.stats.shares import ALWAYS, units_to_show, wilson
from scr_audit.values.text import counted


@dataclass(frozen=True)
class RuleCheck:
    """What checking one rule found; `unmutated` says why it was not mutated, if it was not."""

    rule: Rule
    examples: tuple[Example, ...]
    failures: tuple[Failure, ...]
    killed: tuple[Mutant, ...] = ()
    survivors: tuple[Mutant, ...] = ()
    unmutated: str = ""

    @property
    def mutants(self) -> int:
        return len(self.killed) + len(self.survivors)


@dataclass(frozen=True)
class CheckResult:
    """What checking a pack found. `failures` make a pack wrong; `survivors` make it doubtful."""

    checks: tuple[RuleCheck, ...] = ()

    @property
    def rules(self) -> int:
        return len(self.checks)

    @property
    def examples(self) -> int:
        return sum(len(check.examples) for check in self.checks)

    @property
    def mutants(self) -> int:
        return sum(check.mutants for check in self.checks)

    @property
    def failures(self) -> list[Failure]:
        return [failure for check in self.checks for failure in check.failures]

    @property
    def survivors(self) -> list[Mutant]:
        return [mutant for check in self.checks for mutant in check.survivors]


@dataclass(frozen=True)
class PackCheck:
    """A check as its reports need it: of a pack that was checked, or could not be loaded.

    `name` is the pack's id, or the name of its folder where it could not be loaded: then `problems`
    says why, and nothing else is there. With `alone` a plan was checked and no pack, and `name` is
    that of its file. `mappings` are its files for imports, `plans` the audit plans that were
    checked with it. With `strict`, warnings and surviving mutants fail the check too;
    `notes` never do.
    """

    name: str
    strict: bool
    version: str = ""
    sha256: str = ""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    result: CheckResult = CheckResult()
    mappings: tuple[MappingCheck, ...] = ()
    plans: tuple[PlanCheck, ...] = ()
    alone: bool = False
    notes: tuple[str, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether the check says that something has to be mended."""
        wrong = bool(
            self.problems or self.mapping_problems or self.plan_problems or self.result.failures
        )
        doubtful = bool(self.warnings or self.plan_doubts or self.result.survivors)
        return wrong or (self.strict and doubtful)

    @property
    def mapping_problems(self) -> list[Problem]:
        """All that is wrong in the mapping files."""
        return [problem for mapping in self.mappings for problem in mapping.problems]

    @property
    def plan_problems(self) -> list[Problem]:
        """All that is wrong in the audit plans."""
        return [problem for plan in self.plans for problem in plan.problems]

    @property
    def plan_doubts(self) -> list[Problem]:
        """All that is doubtful in a plan that was checked alone; shipped ones are as meant."""
        return [doubt for plan in self.plans if self.alone for doubt in plan.doubts]


def check_everything(
    pack: Pack,
    *,
    strict: bool,
    mutate: bool,
    plans: tuple[PlanCheck, ...] = (),
    rules: tuple[str, ...] = (),
) -> PackCheck:
    """The check of a pack that loads, and of audit plans that use it.

    With `rules`, ids, only their examples are run. Raises `InputError` where there is no such rule.
    """
    return PackCheck(
        name=pack.id,
        strict=strict,
        version=pack.version,
        sha256=pack.sha256,
        warnings=pack.warnings,
        result=check_pack(pack, mutate=mutate, rules=rules),
        mappings=check_mappings(pack),
        plans=plans,
        notes=() if rules else notes_on(pack),
    )


def failed_load(folder: Path, error: PackError, *, strict: bool) -> PackCheck:
    """The check of a pack that does not load."""
    return PackCheck(name=folder.name or "pack", strict=strict, problems=error.problems)


def check_pack(pack: Pack, *, mutate: bool = True, rules: tuple[str, ...] = ()) -> CheckResult:
    """Run the examples of every rule and, with `mutate`, its mutations; of these `rules` only.

    A change of a definition has to be noticed by the examples of one rule that uses it, also by
    those of one that is not among `rules`. Raises `InputError` where there is no such rule.
    """
    decoder = decoder_of(pack)
    chosen = with_rules(pack, rules).rules if rules else pack.rules
    checks = [_check_rule(pack, rule, decoder, mutate=mutate) for rule in chosen]
    noticed = {mutant.of_definition for check in checks for mutant in check.killed}
    left = {mutant.of_definition for check in checks for mutant in check.survivors} - noticed
    others = [rule for rule in pack.rules if rule not in chosen] if left - {None} else []
    for rule in others:
        cases, unfit = cases_of(pack, rule, decoder)
        noticed |= set() if unfit else noticed_changes(rule, cases, left)
    told: set[DefinitionChange] = set()
    return CheckResult(tuple(_shared(check, noticed, told) for check in checks))


def _shared(
    check: RuleCheck,
    noticed: set[DefinitionChange | None],
    told: set[DefinitionChange],
) -> RuleCheck:
    """The check of a rule, with what the other rules that use its definitions show of them.

    A change of a definition that no example notices is told of the first of them.
    """
    killed, alive = [*check.killed], []
    for mutant in check.survivors:
        change = mutant.of_definition
        if change is None:
            alive.append(mutant)
        elif change in noticed:
            killed.append(mutant)
        elif change not in told:
            alive.append(mutant)
            told.add(change)
    return replace(check, killed=tuple(killed), survivors=tuple(alive))


def _check_rule(pack: Pack, rule: Rule, decoder: RecordDecoder, *, mutate: bool) -> RuleCheck:
    cases, unfit = cases_of(pack, rule, decoder)
    failures = (*unfit, *run_examples(pack, rule, cases))
    examples = pack.examples[rule.id]
    if unfit or not examples or not mutate:
        why = "an example is no record of its kind" if unfit else "there are no examples"
        why = why if mutate else "mutations were not asked for"
        return RuleCheck(rule, examples, failures, unmutated=why)
    killed, alive = killed_and_alive(pack, rule, cases)
    return RuleCheck(rule, examples, failures, tuple(killed), tuple(alive))


WORKING = "%SRCROOT%"  # the name that servers expect for the root of the sources
PACKS = "PACKS"
_SEP = re.escape(os.sep)


@dataclass(frozen=True)
class Located:
    """A file: its path below the folder `base`, with forward slashes."""

    base: str
    path: str


@dataclass(frozen=True)
class Places:
    """Turns the files of a pack into paths below the working folder, or below its own parent.

    `working` and `pack` are absolute folders, `target` is what `pack` leads to.
    """

    working: Path
    pack: Path
    target: Path

    def located(self, file: str) -> Located:
        """The file below the first folder that holds it; its bare name where none does."""
        whole = PurePath(os.path.normpath(self.working / file))
        for base, folder in self._bases():
            if whole.is_relative_to(folder):
                return Located(base, whole.relative_to(folder).as_posix())
        return Located(PACKS, whole.name)

    def path(self, file: str) -> str:
        """The same path for people."""
        return self.located(file).path

    def words(self, text: str) -> str:
        """A message without the folders of the machine in the places that it names."""
        for _, folder in self._bases():
            if folder.name:  # not the root, which is in every path
                text = re.sub(rf"(?<![\w.{_SEP}-]){re.escape(str(folder))}{_SEP}", "", text)
        return text

    def _bases(self) -> Iterator[tuple[str, PurePath]]:
        yield WORKING, self.working
        for folder in (self.pack, self.target):
            yield PACKS, PurePath(os.path.normpath(folder)).parent


AUDITS_FOLDER = "audits"


@dataclass(frozen=True)
class PlanCheck:
    """An audit plan, all that is wrong with it and, where nothing is, what is doubtful."""

    file: str
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()


def check_plans(
    paths: Iterable[Path], pack: Pack, others: Mapping[str, Pack] = MappingProxyType({})
) -> tuple[PlanCheck, ...]:
    """Check each plan, and that no two have one id. Raises `InputError` for an unreadable file.

    A plan for one of the `others`, by its id, is checked with that pack.
    """
    found, first = [], dict[str, AuditPlan]()
    for path in paths:
        try:
            plan = load_plan(path)
        except PackError as error:
            found.append(PlanCheck(str(path), error.problems))
            continue
        repeated = _repeated_id(plan, first.setdefault(plan.id, plan))
        fitting = next((others[name] for name in plan.packs if name in others), pack)
        found.append(_check_plan(plan, fitting, repeated))
    return tuple(found)


def _check_plan(plan: AuditPlan, pack: Pack, repeated: list[Problem]) -> PlanCheck:
    problems = [*repeated, *plan_problems(pack, plan)]
    doubts = () if problems else tuple(plan_doubts(apply_plan(pack, plan), plan))
    return PlanCheck(plan.path, tuple(problems), doubts)


def _repeated_id(plan: AuditPlan, first: AuditPlan) -> list[Problem]:
    if plan is first:
        return []
    place = plan.document.place(("id",))
    return [
        plan.document.problem(place, f"the plan id '{plan.id}' is already that of {first.path}")
    ]


def plan_doubts(pack: Pack, plan: AuditPlan) -> Iterator[Problem]:
    """The doubts of a plan that fits the pack, each at its place.

    `pack` is the pack as the plan uses it, with the plan's rules only.
    """
    yield from _without_standard(pack, plan)
    yield from _too_small_sample(plan)
    yield from _impossible_precision(plan)
    if not plan.selection and plan.sample is None:
        message = "neither 'selection' nor 'sample' says how the records are chosen: reports say so"
        yield plan.document.problem(plan.document.key_place(("id",)), message)


def _without_standard(pack: Pack, plan: AuditPlan) -> Iterator[Problem]:
    """Where some rules have a standard, those that have none."""
    lacking = [rule.id for rule in pack.rules if plan.standard_of(rule.id) is None]
    if not plan.standards or not lacking:
        return
    message = (
        f"no standard for {listed(lacking)}: reports do not say whether "
        f"{'it is' if len(lacking) == 1 else 'they are'} met often enough. "
        "'standard' is for every rule that 'standards' does not name"
    )
    yield plan.document.problem(plan.document.key_place(("standards",)), message)


def _too_small_sample(plan: AuditPlan) -> Iterator[Problem]:
    """A sample that cannot show the standard, even if all of it is met."""
    size = None if plan.sample is None else plan.sample.size
    if size is None or plan.standard in (None, ALWAYS):
        return
    assert plan.standard is not None
    needed = units_to_show(plan.standard)
    if size >= needed:
        return
    message = (
        f"{counted(size, 'record that is met shows', 'records that are all met show')} at least "
        f"{percent(wilson(size, size)[0])}; where a rule judges one thing in each, it takes "
        f"{needed} to show the standard of {percent(plan.standard)}"
    )
    yield plan.document.problem(plan.document.place(("sample", "size")), message)


def _impossible_precision(plan: AuditPlan) -> Iterator[Problem]:
    """A precision that reaches below nothing or above all."""
    sample = plan.sample
    if sample is None or sample.precision is None:
        return
    low, high = sample.expect - sample.precision, sample.expect + sample.precision
    if low < 0 or high > 100:
        message = (
            f"{sample.expect} per cent give or take {sample.precision} is {low} to {high} per "
            "cent; a smaller precision says more"
        )
        yield plan.document.problem(plan.document.place(("sample", "precision")), message)


_FEW = 3  # so that a note stays in one line


def notes_on(pack: Pack) -> tuple[str, ...]:
    """A note about each sort of what is unused or has no words, with how many and the first."""
    return (*_unused(pack), *_wordless(pack))


def _unused(pack: Pack) -> Iterator[str]:
    used = {
        name
        for rule in pack.rules
        for condition in rule.conditions()
        for name in parameter_names(condition)
    }
    shared = {} if pack.extends is None else pack.extends.parameters
    facts = (
        [] if pack.extends else [name for kind in pack.kinds for name in _unused_facts(pack, kind)]
    )
    parameters = [name for name in pack.parameters if name not in used and name not in shared]
    for file, names, noun, nouns in (
        (SCHEMA_FILE, facts, "fact with a question", "facts with a question"),
        (PACK_FILE, parameters, "parameter", "parameters"),
    ):
        yield from _note(f"{file}: no rule asks for", names, noun, nouns)


def _wordless(pack: Pack) -> Iterator[str]:
    """What a reason would tell by a question, or by no name, in a pack that has words."""
    facts: dict[str, bool] = {}
    unnamed = []
    for rule in pack.rules:
        for path in facts_read(rule):
            record = pack.kinds[rule.kind].type
            field, group = (field_of_path(record, steps) for steps in (path, path[:-1]))
            if field is not None and field.type.kind not in (Kind.OBJECT, Kind.OPEN):
                is_told = group is not None and group.type.kind is Kind.OBJECT and _has_words(group)
                facts[f"{rule.kind}.{'.'.join(path)}"] = _has_words(field) or is_told
        asked = [each for condition in rule.conditions() for each in walk(condition)]
        lists = [each for each in asked if isinstance(each, Quantifier | Count) and each.where]
        if (rule.where and not rule.called) or any(not each.called for each in lists):
            unnamed.append(rule.id)
    if any(facts.values()):
        without = [name for name, has_words in facts.items() if not has_words]
        told = f"{SCHEMA_FILE}: no x-says and no x-unknown for"
        yield from _note(told, without, "fact that rules read", "facts that rules read")
        yield from _note("rules: no 'called' where items of a list are chosen, in",
                         unnamed, "rule", "rules")  # fmt: skip


def _has_words(field: Field) -> bool:
    return field.says is not NO_WORDS


def _note(what: str, names: list[str], noun: str, nouns: str) -> Iterator[str]:
    if names:
        few = f": {listed(names)}" if len(names) <= _FEW else f", such as {listed(names[:_FEW])}"
        yield f"{what} {counted(len(names), noun, nouns)}{few}"


def _unused_facts(pack: Pack, kind: str) -> Iterator[str]:
    if kind in pack.gathered:
        return  # nobody is asked about these
    read = {path for rule in pack.rules if rule.kind == kind for path in facts_read(rule)}
    reached = {path[:length] for path in read for length in range(1, len(path) + 1)}
    for path in _not_reached(pack.kinds[kind].type, (), reached):
        yield f"{kind}.{'.'.join(path)}"


def _not_reached(group: FactType, before: FactPath, reached: set[FactPath]) -> Iterator[FactPath]:
    """The facts that have a question and no rule, but for those that tell things apart."""
    apart = {group.read_on, *(steps[0] for steps in group.same_by)}
    for name, field in group.fields.items():
        path = (*before, name)
        if path in reached:
            yield from _not_reached(field.type.item or field.type, path, reached)
        elif field.ask and not field.required and name not in apart:
            yield path
