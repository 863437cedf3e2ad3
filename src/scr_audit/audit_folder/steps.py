"""The steps of an audit, from the list of cases to the next audit, each with the files it makes.

A step is done where its files are there and were made of the files as they are now. So a step that
broke off, or whose files were changed, is done again, and one that is done changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scr_audit.anonymity.patterns import refuse_identifier
from scr_audit.audit import Audit, run_audit
from scr_audit.audit_folder.audit_file import NAME, AuditFile, audit_text
from scr_audit.audit_folder.drawn_sheet import SHEET as DRAWN_SHEET
from scr_audit.audit_folder.drawn_sheet import drawn_sheet, read_reasons
from scr_audit.audit_folder.folder import (
    ACTIONS,
    CASE_LIST,
    DECISIONS,
    DRAWN,
    FORMS,
    HIDDEN,
    REPORTS,
    AuditFolder,
    find_folder,
    open_folder,
    other_copy,
    sha256,
    working_in,
)
from scr_audit.audit_folder.reading import find_forms, form_pack, make_forms, read_all
from scr_audit.documents.sample import sample_bytes
from scr_audit.errors import InputError, library_needed, listed
from scr_audit.forms.layout import HIDDEN as FORM_SHEET
from scr_audit.plans.pack_of_plan import chosen_plan
from scr_audit.plans.plan import AuditPlan
from scr_audit.readings.decision_sheet import (
    HIDDEN as DECISION_SHEET,
)
from scr_audit.readings.decision_sheet import (
    decision_sheet,
    read_decision_sheet,
    to_decide,
    undecided,
)
from scr_audit.readings.decisions import decision_key
from scr_audit.readings.jobs import agree, moderate
from scr_audit.report.wording import key_words
from scr_audit.reports import Edition, write, write_document
from scr_audit.sampling.case_list import (
    case_columns,
    case_list_template,
    lists_cases,
    read_case_list,
)
from scr_audit.sampling.random_draw import FrameError
from scr_audit.sampling.samples import Wanted, draw, replace
from scr_audit.values.calendar import now_text
from scr_audit.values.imprecise import day_words
from scr_audit.values.period import Period, after
from scr_audit.values.text import counted, json_bytes
from scr_audit.workbooks.cells import FormError
from scr_audit.workbooks.grid import read_grids

if TYPE_CHECKING:
    from scr_audit.actions.state import Action, Event
    from scr_audit.store import Store

THEN = "Then run: scr-audit next"
_RUN, _SAMPLE, _CASES, _MODERATED = "run.json", "sample.json", "cases.json", "moderated.json"
_STORE = "office.sqlite"


@dataclass(frozen=True)
class Step:
    """One step: what it is called, whether it is done, and what does it.

    `do` gives the sentence that tells the person what to do now, or nothing where the next step can
    follow. `waits` is that sentence before anything is looked at.
    """

    title: str
    is_done: Callable[[AuditFolder], bool]
    do: Callable[[AuditFolder, date], str]
    waits: str


# the list, and the draw


def _is_drawn(folder: AuditFolder) -> bool:
    return folder.own(_CASES).exists() and (folder.file.whole_list or folder.own(_SAMPLE).exists())


def _draw(folder: AuditFolder, as_of: date) -> str:
    path = _case_list(folder)
    if path is None:
        return STEPS[0].waits
    chosen_plan(folder.plan, folder.file.period, as_of=as_of)  # refuses one that has not begun
    records = read_case_list(path, folder.pack, folder.plan, note=folder.stamp)
    cases = folder.own(_CASES)
    folder.write({cases: json_bytes(records, 1)})
    if folder.file.whole_list:
        folder.did.append(f"{path.name} lists {counted(len(records), 'case')}; all are audited")
    else:
        _draw_sample(folder, cases, as_of)
        folder.did.append(
            f"drew {counted(len(folder.cases()), 'case')} of the {len(records)} in {path.name}"
        )
    folder.remember("list", [path.name, sha256(path)])
    _write_drawn(folder)
    return ""


def _draw_sample(folder: AuditFolder, cases: Path, as_of: date) -> None:
    earlier = [each / HIDDEN / _SAMPLE for each in _earlier(folder)]
    try:
        sample = draw(
            [cases], folder.plan, seed=folder.file.seed, wanted=Wanted(size=folder.file.size),
            pack=folder.pack, period=folder.file.period, as_of=as_of,
            previous=[path for path in earlier if path.exists()],
        )  # fmt: skip
    except FrameError as error:
        wrong = "".join(
            f"\n  {each.record or each.position}: {problem}"
            for each in error.run.left_out
            for problem in each.problems
        )
        raise InputError(
            f"{error}{wrong}\nMend {CASE_LIST}; or say in {NAME} how many to draw (size: 12), or "
            "that every listed case is audited (whole_list: true)"
        ) from error
    folder.write({folder.own(_SAMPLE): sample_bytes(sample.document)})


def _write_drawn(folder: AuditFolder) -> None:
    data = drawn_sheet(folder.title, list(folder.cases()), folder.readers, folder.replaced())
    folder.write({folder.at(DRAWN): data})


def _case_list(folder: AuditFolder) -> Path | None:
    """The case list: the template once it is filled in, or any other workbook or table put there.

    Raises `InputError` where several could be it.
    """
    found = [
        path
        for path in folder.workbooks()
        if _what_is(path) == "list" and not folder.is_as_written(path) and lists_cases(path)
    ]
    if len(found) > 1:
        names = listed(path.name for path in found)
        raise InputError(
            f"{folder.path}: {names} could each be the list of cases; keep the one that counts, "
            "and move the others out"
        )
    return found[0] if found else None


def _what_is(path: Path) -> str:
    """What a workbook of the folder is, by its sheets, since it may have been renamed."""
    if path.suffix.lower() == ".csv":
        return "list"
    try:
        sheets = read_grids(path)
    except FormError:
        return "list" if path.name == CASE_LIST else "damaged"
    known = {
        DECISION_SHEET: "decisions", DRAWN_SHEET: "drawn", "Plan": "actions", FORM_SHEET: "form"
    }  # fmt: skip
    return next((what for sheet, what in known.items() if sheet in sheets), "list")


def _the(folder: AuditFolder, name: str) -> Path:
    """A workbook by its name, or the one of the folder that has become of it under another.

    Raises `InputError` where there are two.
    """
    wanted = {DECISIONS: "decisions", DRAWN: "drawn", ACTIONS: "actions"}[name]
    found = [path for path in folder.workbooks() if _what_is(path) == wanted]
    if len(found) > 1:
        names = listed(path.name for path in found)
        raise InputError(
            f"{folder.path}: {names} are copies of one workbook; keep the one that is filled in, "
            f"as {name}, and move the others out"
        )
    if found and found[0].name != name:
        folder.notes.append(f"{found[0].name} is read as {name}")
    return found[0] if found else folder.at(name)


# the forms


def _replace(folder: AuditFolder, as_of: date) -> None:
    """Take cases of the reserve for those that the printed list says cannot be audited."""
    path = _the(folder, DRAWN)
    if not path.exists() or folder.is_as_written(path):
        return
    sample, new = folder.sample, []
    for case, reason in read_reasons(path).items():
        if case not in folder.cases():
            continue
        if sample is None:
            raise InputError(
                f"{path}: {case}: every case of the list is audited, so none can take its place"
            )
        sample = replace(sample, case, reason=reason, by_role=folder.file.role, on=as_of)
        new.append(f"{sample.replaced[-1].by} takes the place of {case}")
    if sample is not None and new:
        folder.write({folder.own(_SAMPLE): sample_bytes(sample)})
        folder.did += new
        _write_drawn(folder)


def _readings(folder: AuditFolder) -> list[Path]:
    return [folder.own(f"reader-{number}.json") for number in range(1, folder.file.readers + 1)]


def _of_forms(folder: AuditFolder) -> list[Path]:
    """What the readings are made of."""
    forms = sorted(folder.at(FORMS).glob("*/*.xlsx"))
    return [*forms, folder.at(DRAWN), folder.own(_SAMPLE), folder.own(_CASES)]


def _are_read(folder: AuditFolder) -> bool:
    return folder.is_done_with("read", _of_forms(folder), *_readings(folder))


def _read(folder: AuditFolder, as_of: date) -> str:
    _replace(folder, as_of)
    made = make_forms(folder)
    if made:
        each = " for each reader" if folder.file.readers > 1 else ""
        folder.did.append(f"made forms of {counted(len(made), 'case')}{each} in {FORMS}")
    left = read_all(folder, as_of)
    if left:
        asked = f"Print {DRAWN}. Fill in the forms" if made else "Fill in the forms that are left"
        return f"{asked} in {FORMS} ({left}). {THEN}"
    folder.done_with("read", _of_forms(folder))
    number = len(folder.cases())
    folder.did.append(f"read {counted(number * folder.file.readers, 'form')}")
    return ""


# where the readers differ


def _is_decided(folder: AuditFolder) -> bool:
    return folder.is_done_with("decide", _of_decisions(folder), folder.own(_MODERATED))


def _of_decisions(folder: AuditFolder) -> list[Path]:
    return [*_readings(folder), *(p for p in folder.workbooks() if p.name.startswith("3"))]


def _decide(folder: AuditFolder, as_of: date) -> str:
    readings = _readings(folder)
    if len(readings) == 1:
        folder.write({folder.own(_MODERATED): readings[0].read_bytes()})
        folder.done_with("decide", _of_decisions(folder))
        return ""
    pack, path = form_pack(folder), _the(folder, DECISIONS)
    _compare(folder, as_of)
    wanted = {
        decision_key(each): each for each in to_decide(moderate(*readings, pack=pack).conflicts)
    }
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
    folder.write({folder.own(_MODERATED): b"".join(joined.file(".json"))})
    folder.done_with("decide", _of_decisions(folder))
    folder.did.append(f"took over {counted(len(wanted), 'decision')}")
    return ""


def _compare(folder: AuditFolder, as_of: date) -> None:
    """How far the readers agree, as a page."""
    path = folder.at(REPORTS) / "agreement.html"
    if folder.is_done_with("compare", _readings(folder), path):
        return
    path.parent.mkdir(exist_ok=True)
    found = agree(*_readings(folder), pack=folder.pack, plan=folder.plan, as_of=as_of)
    folder.put_aside([path])
    write_document(found.document, path)
    folder.wrote([path])
    folder.done_with("compare", _readings(folder))
    number = len(found.document["disagreements"])
    folder.did.append(f"compared the readers: they differ in {counted(number, 'answer')}")


# the run, and its reports


def _earlier(folder: AuditFolder) -> list[Path]:
    """The folders of earlier audits. Raises `InputError` where one is not there."""
    found = [folder.path / name for name in folder.file.earlier_audits]
    for path in found:
        if not (path / HIDDEN).is_dir():
            raise InputError(
                f"{folder.at(NAME)}: earlier_audits: there is no audit folder {path}; it was moved "
                "or renamed. Write where it is now, or take the line out"
            )
    return found


def _earlier_runs(folder: AuditFolder) -> list[Path]:
    found = [path / HIDDEN / _RUN for path in _earlier(folder)]
    for path in found:
        if not path.exists():
            folder.notes.append(
                f"{path.parent.parent.name} has no results yet, so that nothing is compared with it"
            )
    return [path for path in found if path.exists()]


def _of_run(folder: AuditFolder) -> list[Path]:
    own = [folder.own(_MODERATED), folder.own(_SAMPLE), folder.at(NAME)]
    settings = [folder.at(folder.file.settings)] if folder.file.settings else []
    runs = [folder.path / name / HIDDEN / _RUN for name in folder.file.earlier_audits]
    return [*own, *settings, *runs]


def _report_files(folder: AuditFolder) -> list[Path]:
    return [folder.at(REPORTS) / name for name in folder.file.reports]


def _is_reported(folder: AuditFolder) -> bool:
    return folder.is_done_with("report", _of_run(folder), folder.own(_RUN), *_report_files(folder))


def _report(folder: AuditFolder, as_of: date) -> str:
    readings, sample = _readings(folder), folder.own(_SAMPLE)
    runs, actions = _earlier_runs(folder), _actions_of(folder)
    folder.at(REPORTS).mkdir(exist_ok=True)
    with run_audit(
        folder.own(_MODERATED), pack=folder.pack, plan=folder.plan, period=folder.file.period,
        sample=sample if sample.exists() else None, as_of=as_of, earlier=runs, actions=actions,
        moderated_from=readings if len(readings) == 2 else (),
    ) as audit:  # fmt: skip
        _check_whole(audit)
        folder.notes += audit.notes
        write(audit, folder.own(_RUN))
        _write_reports(folder, audit, runs)
        _keep_judgements(folder, audit)
    folder.done_with("report", _of_run(folder))
    folder.did.append(f"wrote {listed(folder.file.reports)} into {REPORTS}")
    return ""


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


# actions


def _store(folder: AuditFolder) -> Store:
    try:
        from scr_audit.store import open_store
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scr_audit"):
            raise
        raise library_needed("a plan of actions", error.name, "history") from error
    return open_store(folder.own(_STORE))


def _actions_of(folder: AuditFolder) -> list[Action] | None:
    if not folder.own(_STORE).exists():
        return None
    from scr_audit.store import read_actions

    with _store(folder) as store:
        return list(read_actions(store).values())


def _keep_judgements(folder: AuditFolder, audit: Audit) -> None:
    """Keep what the run says of actions that name it."""
    if not folder.own(_STORE).exists():
        return
    from scr_audit.actions import judging_events
    from scr_audit.store import write_events

    run, role = sha256(folder.own(_RUN)), folder.file.role
    with _store(folder) as store:
        events = write_events(
            store,
            lambda now: judging_events(now.values(), audit.head, run, role, at=now_text()),
        )
    if events:
        said = counted(len(events), "action")
        folder.did.append(f"held {said} against the results: see {ACTIONS}")
        if folder.is_as_written(folder.at(ACTIONS)):  # else it holds what is to be read first
            _write_actions(folder)


def _write_actions(folder: AuditFolder) -> None:
    from scr_audit.actions import plan_workbook

    actions = _actions_of(folder) or []
    folder.write({folder.at(ACTIONS): plan_workbook(actions, folder.pack, folder.file.period)})


def _are_taken(folder: AuditFolder) -> bool:
    """Whether the actions were taken back, or it was said that there are none."""
    path = folder.at(ACTIONS)
    if "action" not in folder.pack.kinds:
        return True
    return bool(folder.kept["of"].get("actions")) and folder.is_as_written(path)


def _take_actions(folder: AuditFolder, as_of: date) -> str:
    if not folder.at(ACTIONS).exists() and _the(folder, ACTIONS) == folder.at(ACTIONS):
        _write_actions(folder)
    path = _the(folder, ACTIONS)
    if folder.is_as_written(path):
        return (
            f"Read {folder.at(REPORTS).name}, and write what is to be done into {ACTIONS}, a row "
            f"for each action. {THEN} (where nothing is to be done: scr-audit next --no-actions)"
        )
    if not _was_taken(folder, path):
        _check_is_latest(folder)
        _import(folder, path)
    _write_actions(folder)
    if path != folder.at(ACTIONS):
        folder.put_aside([path])
        path.unlink()
    _settle_actions(folder)
    return ""


def _settle_actions(folder: AuditFolder) -> None:
    folder.done_with("actions", [folder.at(NAME)])


def _was_taken(folder: AuditFolder, path: Path) -> bool:
    """Whether the store has what the workbook says, though that was not written anew since."""
    workbook, store = folder.kept.get("taking") or ("", "")
    now = folder.own(_STORE)
    return bool(workbook == sha256(path) and now.exists() and sha256(now) != store)


def _import(folder: AuditFolder, path: Path) -> None:
    from scr_audit.actions import read_back
    from scr_audit.store import write_events

    changes = read_back(path, folder.pack, by_role=folder.file.role)
    found: list[Event] = []
    with _store(folder) as store:
        folder.remember("taking", [sha256(path), sha256(folder.own(_STORE))])
        found = write_events(store, lambda actions: changes(actions).events)
    new = sum(event.number == 1 for event in found)
    changed = len(found) - new
    folder.did.append(
        f"took over {counted(new, 'new action')} and {counted(changed, 'change')} of {path.name}"
    )


def _check_is_latest(folder: AuditFolder) -> None:
    following = _following(folder)
    if (following / NAME).exists():
        raise InputError(
            f"{folder.at(ACTIONS)}: was changed, and the actions go on in {following.name}; write "
            f"it into {following.name}/{ACTIONS}"
        )


# the next audit


def _next_period(folder: AuditFolder) -> Period:
    period = folder.period
    start = period.end + timedelta(days=1)
    months = (start.year - period.start.year) * 12 + start.month - period.start.month
    if period.start.day == start.day == 1:
        return Period(start, after(start, f"{months} months") - timedelta(days=1))
    return Period(start, start + (period.end - period.start))


def _period_text(period: Period, plan: AuditPlan) -> str:
    """The period as people write it in the plan's year, such as 2027Q1."""
    year = period.start.year
    years = [f"{first}/{(first + 1) % 100:02}" for first in (year - 1, year)]
    likely = [period.label, *years, *(f"{each}Q{n}" for each in years for n in range(1, 5))]
    for text in likely:
        try:
            if plan.period_of(text) == period:
                return text
        except InputError:
            continue
    return f"{period.start}..{period.end}"


def folder_name(plan: AuditPlan, period: str) -> str:
    """The name of the folder of an audit: `quarterly-conference-plan-2026Q4`."""
    return f"{plan.id}-{period.strip().replace('/', '-').replace(' ', '')}"


def _following(folder: AuditFolder) -> Path:
    text = _period_text(_next_period(folder), folder.plan)
    return folder.path.resolve().parent / folder_name(folder.plan, text)


def _is_followed(folder: AuditFolder) -> bool:
    return (_following(folder) / HIDDEN / "kept.json").exists()


def _begin_next(folder: AuditFolder, as_of: date) -> str:
    path, period = _following(folder), _next_period(folder)
    if path.exists() and not (path / NAME).exists():
        raise InputError(
            f"{path}: the next audit belongs there, and a folder that is none has its name; move it"
        )
    here = folder.path.resolve()
    before = [here, *(each.resolve() for each in _earlier(folder))]
    file = folder.file.model_copy(update={
        "period": _period_text(period, folder.plan), "seed": secrets.token_hex(4),
        "commentary": "",
        "earlier_audits": [Path("..", each.name).as_posix() for each in before],
    })  # fmt: skip
    due = list(_falling_due(folder, period))
    begun = _make(path, file, due, _actions_store(folder))
    more = f" Reviews that fall due are on its second sheet ({len(due) - 1})." if due else ""
    folder.did.append(f"began the next audit in {begun.path.name}, with the actions still open")
    return (
        f"This audit is done. The next one is {begun.path.name}: when {period} is over, list its "
        f"cases in {CASE_LIST} there.{more}"
    )


def _actions_store(folder: AuditFolder) -> bytes | None:
    store = folder.own(_STORE)
    return store.read_bytes() if store.exists() else None


def _falling_due(folder: AuditFolder, period: Period) -> Iterator[list[str]]:
    """The rows of what falls due in a period in the cases of this audit, headings first."""
    plan = folder.plan
    spans = {} if plan.period is None else plan.period.falls_due
    with run_audit(
        folder.own(_MODERATED), pack=folder.pack, plan=plan,
        period=f"{period.start}..{period.end}", as_of=period.end, trend=False, remedies=False,
    ) as audit:  # fmt: skip
        rules = {rule["id"]: rule for rule in audit.head["rules"]}
        rows = []
        for finding in audit.findings():
            span, key = spans.get(finding["rule"]), finding["key"]
            if span is None or not key or finding["outcome"] in ("not_applicable", "met"):
                continue
            rule = rules[finding["rule"]]
            days = [_due(value, span) for value in key[-1].values()]
            due = next((day for day in days if day), "")
            rows.append([finding["record"], key_words(key, rule["unit"]), rule["title"], due])
    if rows:
        yield ["Case", "Since", "What falls due", "At the latest"]
        yield from sorted(rows)


def _due(value: object, span: str) -> str:
    try:
        return day_words(after(date.fromisoformat(str(value)), span))
    except ValueError:
        return ""


STEPS = (
    Step("List the cases, and draw", _is_drawn, _draw,
         f"Fill in {CASE_LIST}, a row for each case, or put a list of your own there as .xlsx or "
         f".csv. {THEN}"),
    Step("Fill in the forms", _are_read, _read, f"Fill in the forms in {FORMS}. {THEN}"),
    Step("Decide where the readers differ", _is_decided, _decide, THEN),
    Step("Write the reports", _is_reported, _report, THEN),
    Step("Set actions", _are_taken, _take_actions,
         f"Read the reports in {REPORTS}, and write what is to be done into {ACTIONS}. {THEN}"),
    Step("Begin the next audit", _is_followed, _begin_next, THEN),
)  # fmt: skip


def start_audit(
    plan: str,
    period: str,
    *,
    whose: str = "",
    folder: Path | str | None = None,
    pack: str | None = None,
    seed: str | None = None,
) -> AuditFolder:
    """Make the folder of an audit, by default in the current one, named by plan and period.

    `whose` audit it is stands on its sheets; `seed` is drawn where none was said. Raises
    `InputError` where the folder is there already, or the plan or period is wrong.
    """
    refuse_identifier("for", whose, "the folder keeps it")
    file = AuditFile.model_validate({
        "plan": plan, "period": period.strip(), "for": whose, "pack": pack,
        "seed": secrets.token_hex(4) if seed is None else seed,
    })  # fmt: skip
    known = AuditFolder(Path(), file)
    text = file.period
    known.plan.period_of(text)
    path = Path(folder_name(known.plan, text) if folder is None else folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(
            f"{path}: is there already; go there and run 'scr-audit next', or name another folder "
            "with --folder"
        )
    made = _make(path, file, [], None)
    made.did.append(f"made the folder {path}")
    return made


def _make(path: Path, file: AuditFile, due: list[list[str]], store: bytes | None) -> AuditFolder:
    """Write the files that an audit begins with; what is there already stays."""
    made = AuditFolder(path, file)
    for place in (path, made.own(""), made.at(FORMS), made.at(REPORTS)):
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{place}: cannot be made: {error.strerror}") from error
    said = (made.title, made.plan.selection.replace("\n", " "),
            "One row for each case; where it has several conferences, one for each. What is "
            "not known stays empty.")  # fmt: skip
    columns = case_columns(made.pack, made.plan)
    files = {
        made.at(NAME): audit_text(file).encode(),
        made.at(CASE_LIST): case_list_template(columns, said, due),
    }
    if store is not None:
        files[made.own(_STORE)] = store
    made.write({path: data for path, data in files.items() if not path.exists()})
    if store is not None and not made.at(ACTIONS).exists():
        _write_actions(made)
    made.remember("place", str(path.resolve()))
    return made


def go_on(folder: AuditFolder, *, as_of: date | None = None, no_actions: bool = False) -> str:
    """Do the steps that can be done, and say what the person does now.

    What was done is in `folder.did`, what to know beside it in `folder.notes`. With `no_actions`
    nothing is to be done about this audit. Hold the folder with `working_in` meanwhile.
    """
    day = as_of or date.today()
    if note := other_copy(folder):
        folder.notes.append(note)
    else:
        folder.remember("place", str(folder.path.resolve()))
    _check_list_kept(folder)
    for step in STEPS:
        if step.is_done(folder):
            continue
        if no_actions and step.do is _take_actions and folder.is_as_written(folder.at(ACTIONS)):
            _settle_actions(folder)
            continue
        if said := step.do(folder, day):
            return said
    return f"This audit is done. Go on in {_following(folder).name}."


def _check_list_kept(folder: AuditFolder) -> None:
    """Tell where the case list was changed after the draw, which stands."""
    drawn_from = folder.kept.get("list")
    if drawn_from is None:
        return
    path = folder.at(drawn_from[0])
    if path.exists() and sha256(path) != drawn_from[1]:
        folder.notes.append(
            f"{path.name} was changed after the draw, which stays as it was; begin a new folder to "
            "draw anew"
        )


def next_step(
    folder: Path | str | None = None,
    *,
    as_of: date | None = None,
    no_actions: bool = False,
    unlock: bool = False,
) -> AuditFolder:
    """Do what can be done in an audit folder; `now` of the result is what the person does.

    `unlock` takes over a folder that somebody's program was stopped in. Raises `InputError`.
    """
    work = open_folder(find_folder(folder))
    with working_in(work.path, unlock=unlock):
        work.now = go_on(work, as_of=as_of, no_actions=no_actions)
    return work


@dataclass(frozen=True)
class StepState:
    """A step of an audit, whether it is done, and where it stands, in words."""

    title: str
    is_done: bool
    said: str = ""


def status(folder: Path | str | None = None) -> tuple[AuditFolder, list[StepState]]:
    """Where an audit stands; nothing is written. Raises `InputError`."""
    work = open_folder(find_folder(folder))
    if note := other_copy(work):
        work.notes.append(note)
    states: list[StepState] = []
    for step in STEPS:
        is_done = all(state.is_done for state in states) and step.is_done(work)
        is_next = not is_done and all(state.is_done for state in states)
        states.append(StepState(step.title, is_done, _where(work, step) if is_next else ""))
    return work, states


def _where(folder: AuditFolder, step: Step) -> str:
    """How far a step is that is not done."""
    if step.do is _read and folder.own("forms").is_dir():
        found = {reader: find_forms(folder, reader) for reader in folder.readers}
        number = len(folder.cases())
        filled = (f"{name}: {len(each.filled)} of {number} forms" for name, each in found.items())
        return f"{'; '.join(filled)}. {step.waits}"
    return step.waits
