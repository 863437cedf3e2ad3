"""`audit.yaml`, which says what the audit of a folder is: its model, and a first text of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from scr_audit.anonymity.scan import read_anonymous
from scr_audit.errors import InputError, PackError, did_you_mean, translate_os_errors
from scr_audit.packs.models import Authored, Text, validate
from scr_audit.packs.pack import Pack
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import AuditPlan, Standard, find_plan

NAME = "audit.yaml"
REPORTS = ("report.html", "report.pdf", "report.xlsx", "board.pdf")
READERS = ("first reader", "second reader")


def _yes_or_no(found: object) -> object:
    return {"yes": True, "no": False}.get(found, found) if isinstance(found, str) else found


class AuditFile(Authored):
    """What an audit is: which plan, which period, whose, and what its reports are."""

    plan: Text = Field(description="The id of an audit plan that is shipped, or a plan's file")
    period: Text = Field(description="The days that are looked at: 2026Q4, 2026-11 or 2026/27")
    whose: str = Field("", alias="for", description="Whose audit it is, such as a partnership")
    role: Text = Field("audit lead", description="The post that keeps the audit, never a name")
    readers: Annotated[int, Field(ge=1, le=2)] = Field(
        2, description="How many people read each case, each without the other"
    )
    seed: Text = Field(description="Said before the draw, by which anybody can draw it again")
    size: Annotated[int, Field(ge=1)] | None = Field(
        None, description="How many cases are drawn; left out: as the plan says"
    )
    whole_list: Annotated[bool, BeforeValidator(_yes_or_no)] = Field(
        False, description="yes: every case of the list, and no draw"
    )
    reports: Annotated[list[Text], Field(min_length=1)] = Field(
        default_factory=lambda: list(REPORTS),
        description="Files of 4-reports: the name tells whom it is for (report, board or public), "
        "the suffix the format (.html, .pdf, .docx, .xlsx)",
    )
    earlier_audits: list[Text] = Field(
        default_factory=list, description="Folders of earlier audits, from this folder"
    )
    standard: Standard | None = Field(None, description="In place of the plan's standard")
    standards: dict[str, Standard] = Field(
        default_factory=dict, description="Rule id: a standard in place of the plan's"
    )
    pack: Text | None = Field(None, description="A pack of your own, from this folder")
    settings: Text | None = Field(None, description="A file of local values, from this folder")
    commentary: str = Field("", description="What the office says of the results, on page one")


def read_audit_file(folder: Path) -> AuditFile:
    """What the folder's audit is. Raises `InputError` or `PackError` where it does not say."""
    path = folder / NAME
    if not path.is_file():
        raise InputError(
            f"{folder}: is no audit folder, for it has no {NAME}. Go to the folder of the "
            "audit, or name it; 'scr-audit start PLAN PERIOD' begins a new one"
        )
    with translate_os_errors(path):
        document = read_anonymous(path.read_bytes(), str(path))
    found, problems = validate(AuditFile, document)
    if found is None or document.problems:
        raise PackError([*problems, *document.problems])
    for name in found.reports:
        if Path(name).name != name or Path(name).stem not in ("report", "board", "public"):
            raise InputError(
                f"{path}: reports: found '{name}'; expected report, board or public, and "
                "the format behind a point, such as board.pdf"
            )
    return found


def plan_of(audit: AuditFile, folder: Path, pack: Pack) -> AuditPlan:
    """The plan with the audit's own standards in place of the plan's. Raises `InputError`."""
    file = folder / audit.plan
    plan = find_plan(file if file.is_file() else audit.plan)
    if audit.standard is None and not audit.standards:
        return plan
    rules = [rule.id for rule in apply_plan(pack, plan).rules]
    for name in audit.standards:
        if name not in rules:
            raise InputError(
                f"{folder / NAME}: standards: the plan uses no rule '{name}'."
                f"{did_you_mean(name, rules)}"
            )
    shares = {name: _share(value) for name, value in audit.standards.items()}
    other = json.dumps([plan.sha256, audit.standard, audit.standards], sort_keys=True)
    return replace(
        plan,
        standard=plan.standard if audit.standard is None else _share(audit.standard),
        standards={**plan.standards, **shares},
        sha256=hashlib.sha256(other.encode()).hexdigest(),  # it asks something else
    )


def _share(standard: int | str) -> float:
    return standard / 100 if isinstance(standard, int) else 1.0


def audit_text(audit: AuditFile) -> str:
    """A first `audit.yaml`, with what each line is for."""
    said = json.dumps  # a text in quotes is YAML too

    def listed(names: Sequence[str]) -> str:
        return f"[{', '.join(map(said, names))}]"

    own = f"pack: {said(audit.pack)}\n" if audit.pack else ""
    own += f"settings: {said(audit.settings)}\n" if audit.settings else ""
    own += f"size: {audit.size}\n" if audit.size else ""
    whole = "yes" if audit.whole_list else "no"
    return f"""\
# What this audit is. Change what stands behind a colon, save, and run: scr-audit next
plan: {said(audit.plan)}
period: {said(audit.period)}

# Whose audit it is, as it stands on the reports.
for: {said(audit.whose, ensure_ascii=False)}

# The post that keeps this audit, never a name; and how many read each case, 1 or 2.
role: {said(audit.role, ensure_ascii=False)}
readers: {audit.readers}

# Said before the draw, so that anybody can draw the same cases again. Yours may take its place
# until the cases are drawn.
seed: {said(audit.seed, ensure_ascii=False)}
{own}
# yes: every case of the list is audited, and none is drawn.
whole_list: {whole}

# What is written into 4-reports: report, board or public, as .html, .pdf, .docx or .xlsx.
reports: {listed(audit.reports)}

# The folders of earlier audits, to compare with.
earlier_audits: {listed(audit.earlier_audits)}

# What the office says of the results, indented by two spaces under the next line.
commentary: |
"""
