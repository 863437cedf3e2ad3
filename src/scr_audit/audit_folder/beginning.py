"""The beginning of an audit: of the first one, and of the one that follows another."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from scr_audit.anonymity.patterns import refuse_identifier
from scr_audit.audit import run_audit
from scr_audit.audit_folder.action_plan import write_actions
from scr_audit.audit_folder.audit_file import NAME, AuditFile, audit_text
from scr_audit.audit_folder.cases import earlier_folders
from scr_audit.audit_folder.folder import (
    ACTIONS,
    CASE_LIST,
    FORMS,
    HIDDEN,
    MODERATED,
    REPORTS,
    STORE,
    AuditFolder,
)
from scr_audit.audit_folder.next_period import folder_name, following, next_period, period_text
from scr_audit.errors import InputError
from scr_audit.plans.plan import find_plan
from scr_audit.report.wording import key_words
from scr_audit.sampling.case_list import (
    case_columns,
    case_list_template,
)
from scr_audit.values.imprecise import day_words
from scr_audit.values.period import Period, after


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
    found, period = find_plan(plan), period.strip()
    found.period_of(period)
    path = Path(folder_name(found, period) if folder is None else folder)
    file = AuditFile.model_validate({
        "plan": _from(path, plan), "period": period, "for": whose,
        "pack": None if pack is None else _from(path, pack),
        "seed": secrets.token_hex(4) if seed is None else seed,
    })  # fmt: skip
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(
            f"{path}: is there already; go there and run 'scr-audit next', or name another folder "
            "with --folder"
        )
    made = _make(path, file, [], None)
    made.did.append(f"made the folder {path}")
    return made


def _from(folder: Path, name: str) -> str:
    """A file as it is named from a folder; what is no file is an id."""
    return Path(os.path.relpath(name, folder)).as_posix() if Path(name).exists() else name


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
        files[made.own(STORE)] = store
    made.write({path: data for path, data in files.items() if not path.exists()})
    if store is not None and not made.at(ACTIONS).exists():
        write_actions(made)
    made.remember("place", str(path.resolve()))
    return made


def is_followed(folder: AuditFolder) -> bool:
    return (following(folder) / HIDDEN / "kept.json").exists()


def begin_next(folder: AuditFolder, as_of: date) -> str:
    path, period = following(folder), next_period(folder)
    if path.exists() and not (path / NAME).exists():
        raise InputError(
            f"{path}: the next audit belongs there, and a folder that is none has its name; move it"
        )
    here = folder.path.resolve()
    before = [here, *(each.resolve() for each in earlier_folders(folder))]
    file = folder.file.model_copy(update={
        "period": period_text(period, folder.plan), "seed": secrets.token_hex(4),
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
    store = folder.own(STORE)
    return store.read_bytes() if store.exists() else None


def _falling_due(folder: AuditFolder, period: Period) -> Iterator[list[str]]:
    """The rows of what falls due in a period in the cases of this audit, headings first."""
    plan = folder.plan
    spans = {} if plan.period is None else plan.period.falls_due
    with run_audit(
        folder.own(MODERATED), pack=folder.pack, plan=plan,
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
