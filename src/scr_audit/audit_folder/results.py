"""From two readings to reports: compared, decided, judged, kept and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from scr_audit.audit import Audit, run_audit
from scr_audit.audit_folder.action_plan import actions_of, keep_judgements, take_over
from scr_audit.audit_folder.audit_file import NAME
from scr_audit.audit_folder.cases import earlier_folders, the_workbook
from scr_audit.audit_folder.folder import (
    ACTIONS,
    CASE_LIST,
    DECISIONS,
    DRAWN,
    HIDDEN,
    MODERATED,
    REPORTS,
    RUN,
    SAMPLE,
    THEN,
    AuditFolder,
)
from scr_audit.audit_folder.reading import form_pack, readings_of
from scr_audit.errors import InputError, listed
from scr_audit.plans.plan import AuditPlan
from scr_audit.readings.decision_sheet import (
    decision_sheet,
    read_decision_sheet,
    to_decide,
    undecided,
)
from scr_audit.readings.decisions import decision_key
from scr_audit.readings.jobs import agree, moderate
from scr_audit.reports import Edition, write, write_document
from scr_audit.values.text import counted


def is_decided(folder: AuditFolder) -> bool:
    return folder.is_done_with("decide", _of_decisions(folder), folder.own(MODERATED))


def decide(folder: AuditFolder, as_of: date) -> str:
    readings = readings_of(folder)
    if len(readings) == 1:
        folder.write({folder.own(MODERATED): readings[0].read_bytes()})
        folder.done_with("decide", _of_decisions(folder))
        return ""
    pack, path = form_pack(folder), the_workbook(folder, DECISIONS)
    wanted = {
        decision_key(each): each for each in to_decide(moderate(*readings, pack=pack).conflicts)
    }
    _compare(folder, as_of, len(wanted))
    rows = read_decision_sheet(path, pack, today=as_of)[1] if path.exists() else []
    have = {decision_key(each): each for each in rows}
    if wanted and set(wanted) != set(have):
        merged = [have.get(key, each) for key, each in wanted.items()]
        folder.write({path: decision_sheet(merged, pack, about=folder.title)})
        rows = merged
    if wanted and (left := undecided(rows)):
        return (
            f"In {path.name} decide where the readers differ: {len(left)} of {len(rows)} "
            f"{'is' if len(left) == 1 else 'are'} left. {THEN}"
        )
    joined = moderate(*readings, pack=pack, decisions=path if wanted else None)
    folder.write({folder.own(MODERATED): b"".join(joined.file(".json"))})
    folder.done_with("decide", _of_decisions(folder))
    folder.did.append(f"took over {counted(len(wanted), 'decision')}")
    return ""


def _of_decisions(folder: AuditFolder) -> list[Path]:
    return [*readings_of(folder), *folder.workbooks(but=(CASE_LIST, DRAWN, ACTIONS))]


def _compare(folder: AuditFolder, as_of: date, decisions: int) -> None:
    """How far the readers agree, as a page; by how many `decisions` that is settled."""
    path = folder.at(REPORTS) / "agreement.html"
    if folder.is_done_with("compare", readings_of(folder), path):
        return
    path.parent.mkdir(exist_ok=True)
    found = agree(*readings_of(folder), pack=folder.pack, plan=folder.plan, as_of=as_of)
    found.document["about"] = folder.title
    folder.put_aside([path])
    write_document(found.document, path)
    folder.wrote([path])
    folder.done_with("compare", readings_of(folder))
    number = len(found.document["disagreements"])
    verdicts = sum(rule["n"] - rule["agreed"] for rule in found.document["rules"])
    fewer = (
        f" ({counted(decisions, 'decision')}, since what only one of them lists is decided as a "
        "whole)"
        if 0 < decisions < number
        else ""
    )
    folder.did.append(
        f"compared the readers: they differ in {counted(number, 'answer')}{fewer}, by which "
        f"{counted(verdicts, 'finding')} would come out differently"
    )


def _earlier_runs(folder: AuditFolder) -> list[Path]:
    found = [path / HIDDEN / RUN for path in earlier_folders(folder)]
    for path in found:
        if not path.exists():
            folder.notes.append(
                f"{path.parent.parent.name} has no results yet, so that nothing is compared with it"
            )
    return [path for path in found if path.exists()]


def is_reported(folder: AuditFolder) -> bool:
    return folder.is_done_with("report", _of_run(folder), folder.own(RUN), *_report_files(folder))


def _of_run(folder: AuditFolder) -> list[Path]:
    own = [folder.own(MODERATED), folder.own(SAMPLE), folder.at(NAME)]
    settings = [folder.at(name) for name in (folder.file.settings, folder.file.plan) if name]
    runs = [folder.path / name / HIDDEN / RUN for name in folder.file.earlier_audits]
    return [*own, *settings, *runs]


def _report_files(folder: AuditFolder) -> list[Path]:
    return [folder.at(REPORTS) / name for name in folder.file.reports]


def report(folder: AuditFolder, as_of: date) -> str:
    take_over(folder)  # before results are added to what was typed
    readings, sample = readings_of(folder), folder.own(SAMPLE)
    runs, actions = _earlier_runs(folder), actions_of(folder)
    folder.at(REPORTS).mkdir(exist_ok=True)
    with run_audit(
        folder.own(MODERATED), pack=folder.pack, plan=_plan(folder), period=folder.file.period,
        sample=sample if sample.exists() else None, as_of=as_of, earlier=runs, actions=actions,
        moderated_from=readings if len(readings) == 2 else (),
        office=folder.file.whose, commentary=folder.file.commentary,
    ) as audit:  # fmt: skip
        _check_whole(audit)
        folder.notes += audit.notes
        write(audit, folder.own(RUN))
        _write_reports(folder, audit, runs)
        keep_judgements(folder, audit)
    folder.done_with("report", _of_run(folder))
    folder.did.append(f"wrote {listed(folder.file.reports)} into {REPORTS}")
    return ""


def _plan(folder: AuditFolder) -> AuditPlan:
    """The plan; where nothing was drawn, it says so in place of how it would have been."""
    if folder.sample is not None:
        return folder.plan
    number = counted(len(folder.cases()), "case")
    return replace(
        folder.plan, selection=f"Every case of the list that the audit is about, {number}."
    )


def _check_whole(audit: Audit) -> None:
    wrong = [
        f"  {each.record}: {problem}" for each in audit.run.left_out for problem in each.problems
    ]
    if wrong:
        raise InputError("\n".join(["some records cannot be judged; mend their forms", *wrong]))


def _write_reports(folder: AuditFolder, audit: Audit, published: Sequence[Path]) -> None:
    paths = _report_files(folder)
    folder.put_aside(paths)
    editions: dict[str, Edition] = {"report": "auditor", "board": "board", "public": "public"}
    for stem, edition in editions.items():
        of_edition = [path for path in paths if path.stem == stem]
        if of_edition:
            earlier = published if edition == "public" else ()
            write(audit, *of_edition, edition=edition, published=earlier)
    folder.wrote(paths)
