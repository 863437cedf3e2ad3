"""Audit plans as written and shipped: what an audit asks, of which records, by which rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from scr_audit.documents.parts import Comparison
from scr_audit.errors import (
    ArgumentError,
    InputError,
    PackError,
    did_you_mean,
    listed,
    translate_os_errors,
)
from scr_audit.packs.builtin import shipped
from scr_audit.packs.models import (
    SPAN,
    YEAR_FROM,
    Authored,
    IdText,
    PlainName,
    WrittenCondition,
    authored_files,
    validate,
)
from scr_audit.packs.yaml_source import Document, read_yaml
from scr_audit.plans.report_sections import SECTIONS
from scr_audit.values.period import Period, parse_period
from scr_audit.values.text import id_of


@dataclass(frozen=True)
class AuditPlan:
    """A plan whose shape is right; no rules, recommendations and themes: all rules of the pack.

    `selection` says in words how the records were chosen; `standard` is for every rule that
    `standards` does not name. `sections` are those of its reports, in order; None: all, as they are
    where no plan says anything. What `records` and `period` say is checked with the pack.
    """

    id: str
    title: str
    question: str
    packs: tuple[str, ...]
    rules: tuple[str, ...]
    recommendations: tuple[str, ...]
    selection: str
    standard: float | None
    standards: Mapping[str, float]
    sha256: str
    document: Document
    path: str = ""
    themes: tuple[str, ...] = ()
    records: PlanRecords | None = None
    period: PlanPeriod | None = None
    sample: PlanSample | None = None
    comparison: Comparison | None = None
    sections: tuple[str, ...] | None = None

    def standard_of(self, rule: str) -> float | None:
        """The share of a rule's units that must be met, 1 for always; None: no standard is set."""
        return self.standards.get(rule, self.standard)

    def period_of(self, text: str) -> Period:
        """The days of a period in the plan's year. Raises `ArgumentError` if it dates nothing."""
        if self.period is None:
            raise ArgumentError(
                f"period {text}",
                f"the plan '{self.id}' has no 'period:', which says what dates the things that "
                "are judged",
            )
        month, day = self.period.year_from.split("-")
        return parse_period(text, year_from=(int(month), int(day)))

    @property
    def filter_words(self) -> str:
        """What the plan asks of a record, in one line; empty where it asks nothing."""
        return "" if self.records is None else condition_on_one_line(self.records.where)


def load_plan(path: Path) -> AuditPlan:
    """The plan in a YAML file. Raises `PackError` or, where it cannot be read, `InputError`."""
    with translate_os_errors(path):
        data = path.read_bytes()
    document = read_yaml(data, str(path))
    authored, problems = validate(PlanFile, document)
    if authored is None and (other := _other_file(document.value)):
        message = f"this is {other}, and an audit plan is expected. Give the folder of its pack"
        raise PackError([document.problem(document.place(()), message)])
    if authored is None or document.problems:
        raise PackError([*problems, *document.problems])
    return AuditPlan(
        authored.id,
        authored.title,
        authored.question,
        (authored.pack,) if isinstance(authored.pack, str) else tuple(authored.pack),
        tuple(authored.rules),
        tuple(authored.recommendations),
        authored.selection,
        None if authored.standard is None else _share(authored.standard),
        {rule: _share(standard) for rule, standard in authored.standards.items()},
        hashlib.sha256(data).hexdigest(),
        document,
        path=str(path),
        themes=tuple(authored.themes),
        records=authored.records,
        period=authored.period,
        sample=authored.sample,
        comparison=authored.comparison,
        sections=None if authored.sections is None else tuple(authored.sections),
    )


def _other_file(value: object) -> str:
    """What a file is that is no plan, where a key tells: a file of a pack."""
    keys = value if isinstance(value, dict) else {}
    rules = keys.get("rules")
    if isinstance(rules, list) and any(isinstance(rule, dict) for rule in rules):
        return "a rule file"
    told = {
        "kinds": "a pack.yaml",
        "$defs": "a records.yaml",
        "narrative": "a recommendations.yaml",
    }
    return next((what for key, what in told.items() if key in keys), "")


def _share(standard: int | Literal["always"]) -> float:
    return 1.0 if standard == "always" else standard / 100


def condition_on_one_line(condition: object) -> str:
    """A condition as it is written, on one line."""
    if isinstance(condition, list):
        return " and ".join(condition_on_one_line(part) for part in condition)
    if not isinstance(condition, dict):
        return str(condition)
    if "any" in condition:
        return f"({' or '.join(condition_on_one_line(part) for part in condition['any'])})"
    if "all" in condition:
        return f"({condition_on_one_line(condition['all'])})"
    return " ".join(
        f"{key} ({condition_on_one_line(part)})"
        if isinstance(part, dict | list)
        else f"{key} {condition_on_one_line(part)}"
        for key, part in condition.items()
    )


def shipped_plans() -> dict[str, Path]:
    """Each shipped plan's id, which is the name of its file, and where it is."""
    return {path.stem: path for path in authored_files(shipped("audits"))}


def find_plan(plan: str | Path | AuditPlan) -> AuditPlan:
    """The plan in a file or, where there is no such file, the shipped one of that id; or itself.

    Raises `InputError` where there is neither, `PackError` where the plan is wrong.
    """
    if isinstance(plan, AuditPlan):
        return plan
    if not isinstance(plan, str | Path):
        found = type(plan).__name__
        raise InputError(f"plan is a file, the id of a shipped plan, or a plan; found {found}")
    path, known = Path(plan), shipped_plans()
    name = str(plan) if path.exists() else id_of(str(plan), known)
    if path.is_file() or name not in known:
        if not path.exists() and path.stem not in known:
            raise InputError(
                f"{name}: there is no such file and no shipped audit plan of that id."
                f"{did_you_mean(name, known)} Shipped: {listed(known, most=20)}."
            )
        if not path.exists() and path.stem in known:
            raise InputError(
                f"{name}: there is no such file. The audit plan of that name is shipped: give its "
                f"id, '{path.stem}'."
            )
        return load_plan(path)
    return load_plan(known[name])


def _standard(value: object) -> Any:
    if value == "always" or (type(value) is int and 1 <= value <= 99):
        return value
    raise PydanticCustomError("standard", "expected a per cent from 1 to 99, or always")


Standard = Annotated[
    int | Literal["always"],
    BeforeValidator(_standard),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 99}, {"const": "always"}]}
    ),
]


def _section(value: object) -> Any:
    if value in list(SECTIONS):
        return value
    known = listed([repr(name) for name in SECTIONS], last="or", most=len(SECTIONS))
    raise PydanticCustomError("literal_error", "unknown section", {"expected": known})


SectionName = Annotated[
    str,
    BeforeValidator(_section),
    WithJsonSchema(
        {
            "enum": list(SECTIONS),
            "description": "; ".join(f"{name}: {each.said}" for name, each in SECTIONS.items()),
        }
    ),
]


class PlanRecords(Authored):
    """Which records the audit is about."""

    kind: PlainName | None = Field(None, description="The record kind; left out: the pack's first")
    where: WrittenCondition = Field(
        description="A condition over the record. Where it is false the record is not judged"
    )


class PlanPeriod(Authored):
    """How a period chooses what is judged."""

    dates: dict[str, str] = Field(
        min_length=1,
        description="A list of the record (plans, plans.changes): the fact that dates an item",
    )
    falls_due: dict[str, Annotated[str, Field(pattern=SPAN)]] = Field(
        default_factory=dict,
        description=(
            "Rule id: how long after its date an item belongs to the period, since what the rule "
            "asks of it falls due then: 3 months"
        ),
    )
    year_from: Annotated[str, Field(pattern=YEAR_FROM)] = Field(
        "01-01", description="Month and day on which the office's year begins, such as 04-01"
    )


class PlanSample(Authored):
    """How records are drawn for the audit, where not all are looked at."""

    size: int | None = Field(None, ge=1, description="How many records are drawn")
    precision: int | None = Field(
        None, ge=1, le=49, description="In place of `size`: per cent to either side"
    )
    expect: int = Field(50, ge=1, le=99, description="The per cent met that is expected")
    confidence: Literal[90, 95, 99] = Field(
        95, description="Per cent, of the size by `precision` and of what the sample can show"
    )
    strata: str | list[str] = Field(
        default_factory=list,
        description="A fact of the record, or a list of them; each value is drawn from by itself",
    )
    frame: list[str] = Field(
        default_factory=list,
        description=(
            "Lists that the period dates: a record is drawn from where one of their items is dated "
            "in the period, or may be. Left out: all that the period dates"
        ),
    )
    reserve: int = Field(0, ge=0, description="How many more, for records that cannot be audited")
    not_again_within: Annotated[str, Field(pattern=SPAN)] | None = Field(
        None, description="How long a record that was drawn is not drawn again: 12 months"
    )

    def strata_facts(self) -> tuple[str, ...]:
        """The facts that divide the records, whether one or a list is written."""
        return (self.strata,) if isinstance(self.strata, str) else tuple(self.strata)


# An empty list would mean all, which is hardly what its author means.
_Some = Annotated[list[str], Field(min_length=1)]


class PlanFile(Authored):
    """An audit plan: which rules of a pack an audit uses, and the question it answers."""

    id: IdText = Field(description="The plan's name for programs")
    title: str = Field(description="The plan's name for people")
    question: str = Field(description="The question that the audit answers")
    pack: str | Annotated[list[str], Field(min_length=1)] = Field(
        description="The id of the pack, or the ids of the packs that are used together"
    )
    rules: _Some = Field(default_factory=list, description="Rule ids")
    recommendations: _Some = Field(
        default_factory=list,
        description="Recommendations whose rules are used. With none of the lists: all rules",
    )
    themes: _Some = Field(
        default_factory=list, description="Themes whose recommendations' rules are used"
    )
    records: PlanRecords | None = Field(
        None, description="Which records are audited; left out: all that are given"
    )
    period: PlanPeriod | None = Field(
        None, description="What dates the things that are judged, where a run is of a period"
    )
    sample: PlanSample | None = Field(
        None, description="How records are drawn where a draw asks for nothing else"
    )
    comparison: Comparison | None = Field(
        None, description="What the results are to be held against"
    )
    sections: (
        Annotated[list[SectionName], Field(min_length=1, json_schema_extra={"uniqueItems": True})]
        | None
    ) = Field(
        None,
        description="The sections of its reports, in order; left out: all. What was audited, the "
        "counts, the warnings and what the run rests on are in every report",
    )
    selection: str = Field("", description="How the records were chosen, in words")
    standard: Standard | None = Field(
        None, description="The per cent of a rule's units that must be met, or always"
    )
    standards: dict[str, Standard] = Field(
        default_factory=dict, description="Rule id: a standard of its own"
    )
