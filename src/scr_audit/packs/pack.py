"""A loaded pack: everything checked, nothing left to look up; and what it has of each paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from scr_audit.errors import Place, Problem
from scr_audit.language.conditions import facts
from scr_audit.language.rule import Parameter, Rule
from scr_audit.language.types import FactType, Kind, Plain
from scr_audit.values.period import Period
from scr_audit.values.text import counted

_Record = TypeVar("_Record")

TIME_ZONE = "Europe/London"  # of a pack that names none
CALENDAR = "GB-ENG"


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: `plural` is the name of its list in an input file."""

    name: str
    plural: str
    type: FactType


@dataclass(frozen=True)
class Example:
    """A rule's example: a part of a record and the expected outcome, one or by unit pointer.

    `says` are the reasons that it shows, one or by unit pointer; empty: none.
    """

    name: str
    expect: str | Mapping[str, str]
    says: str | Mapping[str, str]
    given: Mapping[str, Plain]
    as_of: str | None
    place: Place


@dataclass(frozen=True)
class Recommended:
    """One recommendation of the source document; `theme` is its title in words."""

    id: str
    title: str
    agency: str = ""
    theme: str = ""
    level: tuple[str, ...] = ()
    action_plan: bool | None = None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the source document that explains; why no rule follows, if none can."""

    id: str
    title: str
    not_encodable: str = ""


@dataclass(frozen=True)
class Gathering:
    """The records of `kind` whose text fact `by` is the id of the record that is made."""

    kind: str
    by: str


@dataclass(frozen=True)
class Population:
    """Which records of `kind` a run judges.

    `asked` is a rule that applies to exactly those that the plan's filter lets in; None: to all.
    `drawn` are the ids of a sample; None: no sample was drawn.
    """

    kind: str
    asked: Rule | None = None
    drawn: frozenset[str] | None = None


@dataclass(frozen=True)
class SampleUsed:
    """The sample that a run judges: its frame by size and hash, its seed, and what was replaced.

    `ids` are the drawn records after replacement; `replaced` gives the reason for each that was.
    """

    frame: int
    sha256: str
    seed: str
    method: str
    ids: tuple[str, ...]
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planning:
    """What an audit plan made of a pack, and what is needed to make it again.

    `not_limited` are the rules whose units have no date by which the period could choose them;
    `due_after` gives, for a rule, how long after its date a unit is of the period. `frame_rules`
    put a record into the frame of a sample, where a unit of theirs is of the period;
    `recommendations` all that the pack has, of which the plan may use a few.
    """

    plan: str
    period: Period | None = None
    not_limited: tuple[str, ...] = ()
    due_after: Mapping[str, str] = field(default_factory=dict)
    frame_rules: frozenset[str] = frozenset()
    population: Population | None = None
    recommendations: tuple[Recommended, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A checked pack. `schema` is the record schema as JSON Schema; `sha256` covers all files.

    `members` are the ids of the packs it is made of; `gathered` the kinds whose records are
    made of others, and what fills their lists. `extends` is the pack whose record schema,
    kinds and parameters it shares.
    `kinds` is in the order of pack.yaml: the first is the kind of a record that names none.
    `settings` is the local file whose values replaced the pack's, if there is one. `themes` gives
    each theme's title; `planning` is what an audit plan made of the pack. `time_zone` is where
    date-times without an offset are, `calendar` whose working days the pack's rules count.
    """

    id: str
    version: str
    title: str
    source: Mapping[str, str]
    licence: str
    folder: str
    kinds: Mapping[str, RecordKind]
    schema: Mapping[str, Plain]
    parameters: Mapping[str, Parameter]
    recommendations: tuple[Recommended, ...]
    narrative: tuple[Paragraph, ...]
    rules: tuple[Rule, ...]
    examples: Mapping[str, tuple[Example, ...]]
    warnings: tuple[Problem, ...]
    sha256: str
    extends: Pack | None = None
    members: tuple[str, ...] = ()
    gathered: Mapping[str, Mapping[str, Gathering]] = field(default_factory=dict)
    settings: str | None = None
    themes: Mapping[str, str] = field(default_factory=dict)
    planning: Planning | None = None
    time_zone: str = TIME_ZONE
    calendar: str = CALENDAR

    def __repr__(self) -> str:
        return f"Pack({self.id} {self.version}: {counted(len(self.rules), 'rule')})"

    def to_bytes(self) -> bytes:
        """The pack as data that `load_pack` reads without its files, the same on every machine.

        Raises `InputError` where it holds what only this process knows.
        """
        from scr_audit.packs.artefact import to_bytes

        return to_bytes(self)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id. Raises `KeyError`."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


def by_list(records: Iterable[tuple[str, _Record]], pack: Pack) -> dict[str, list[_Record]]:
    """Records, each with its kind, by the names of their lists, as a file has them."""
    found: dict[str, list[_Record]] = {}
    for kind, record in records:
        found.setdefault(pack.kinds[kind].plural, []).append(record)
    return found


def with_parent(pack: Pack) -> Pack:
    """The pack with the rules and recommendations of the pack that it extends before its own."""
    if pack.extends is None:
        return pack
    first = with_parent(pack.extends)
    note = f"{first.source.get('note', '')} Beside it: {pack.source.get('title', '')}.".strip()
    return replace(
        pack,
        id=f"{first.id}+{pack.id}",
        version=f"{first.version}+{pack.version}",
        title=f"{first.title}, and {pack.title[:1].lower()}{pack.title[1:]}",
        source={**first.source, "note": note},
        recommendations=(*first.recommendations, *pack.recommendations),
        narrative=(*first.narrative, *pack.narrative),
        rules=(*first.rules, *pack.rules),
        examples={**first.examples, **pack.examples},
        warnings=(*first.warnings, *pack.warnings),
        gathered=first.gathered,
        themes={**pack.themes, **first.themes},
        extends=None,
        members=(*first.members, pack.id),
    )


ENCODED, BY_A_PERSON, NOT_ENCODABLE, NOT_ENCODED = (
    "encoded",
    "encoded, in part judged by a person",
    "not encodable",
    "not encoded",
)
ATTESTATION = {"value", "by_role", "on"}


@dataclass(frozen=True)
class Coverage:
    """What encodes one paragraph. `attested` are the facts that only a person can judge.

    `reason` says why a paragraph without rules needs none; `agency` and `theme` are empty for
    paragraphs that recommend nothing.
    """

    id: str
    title: str
    agency: str
    theme: str
    status: str
    reason: str
    rules: tuple[str, ...]
    facts: tuple[str, ...]
    attested: tuple[str, ...]
    examples: int


def coverage(pack: Pack) -> list[Coverage]:
    """The paragraphs of the narrative, then the recommendations, in the document's order."""
    found = []
    for item in pack.narrative:
        citing = [rule for rule in pack.rules if item.id in (rule.paragraph, *rule.see)]
        found.append(_row(pack, item.id, item.title, "", "", item.not_encodable, citing))
    for wanted in pack.recommendations:
        rules = [rule for rule in pack.rules if rule.paragraph == wanted.id]
        agency, theme = wanted.agency, wanted.theme
        found.append(_row(pack, wanted.id, wanted.title, agency, theme, "", rules))
    return found


def _row(
    pack: Pack,
    paragraph: str,
    title: str,
    agency: str,
    theme: str,
    reason: str,
    rules: list[Rule],
) -> Coverage:
    paths = [path for rule in rules for path in _paths(pack, rule)]
    used = tuple(dict.fromkeys(path for path, _ in paths))
    attested = tuple(dict.fromkeys(path for path, by_person in paths if by_person))
    status = BY_A_PERSON if attested else ENCODED
    if not rules:
        status = NOT_ENCODABLE if reason else NOT_ENCODED
    return Coverage(
        paragraph,
        title,
        agency,
        theme,
        status,
        "" if rules else reason,
        tuple(rule.id for rule in rules),
        used,
        attested,
        sum(len(pack.examples[rule.id]) for rule in rules),
    )


def _paths(pack: Pack, rule: Rule) -> list[tuple[str, bool]]:
    """The facts a rule reads, each with whether it is a person's attestation."""
    record = pack.kinds[rule.kind].type
    variables = {loop.variable: loop.items.type.item for loop in rule.loops}
    found = []
    for condition in rule.conditions():
        for fact in facts(condition):
            owner = variables.get(fact.variable, None if fact.variable else record)
            found.append((f"{fact}", _is_attested(owner, fact.steps)))
    return found


def _is_attested(owner: FactType | None, steps: tuple[str, ...]) -> bool:
    for step in steps[:-1]:
        if owner is None or step not in owner.fields:
            return False
        owner = owner.fields[step].type
    return owner is not None and owner.kind is Kind.OBJECT and set(owner.fields) >= ATTESTATION
