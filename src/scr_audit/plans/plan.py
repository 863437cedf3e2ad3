"""Audit plans as written and shipped: what an audit asks, of which records, by which rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scr_audit.documents.parts import Comparison
from scr_audit.errors import (
    ArgumentError,
    InputError,
    PackError,
    did_you_mean,
    listed,
    translate_os_errors,
)
from scr_audit.packs.authored import authored_files, validate
from scr_audit.packs.builtin import shipped
from scr_audit.packs.yaml_source import Document, read_yaml
from scr_audit.plans.models import PlanFile, PlanPeriod, PlanRecords, PlanSample
from scr_audit.values.period import Period, parse_period


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


def find_plan(name: str) -> AuditPlan:
    """The plan in a file or, where there is no such file, the shipped one of that id.

    Raises `InputError` where there is neither, `PackError` where the plan is wrong.
    """
    path, known = Path(name), shipped_plans()
    if path.is_file() or name not in known:
        if not path.exists() and path.name == name and not path.suffix:
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
