"""The history of runs in a store: added whole or not at all, found again, listed, read back."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, cast, get_args

import msgspec
from sqlalchemy import Connection, Select, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from scr_audit.documents.run import FindingInfo, RecordInfo, RunBundle, RunHead, Units, UnitVerdict
from scr_audit.documents.series import KeptRunInfo
from scr_audit.errors import InputError, check_choice
from scr_audit.language.unit_key import key_sha256
from scr_audit.runs.bundle import Spool, bundle_bytes
from scr_audit.runs.stored import StreamedBundle, newest, newest_finding
from scr_audit.series.time_points import LAST, SeriesRun, head_period
from scr_audit.series.trends import same_run
from scr_audit.store.database import UNDECODABLE, Location, Store, findings, rule_totals, runs
from scr_audit.values.calendar import now_text
from scr_audit.values.period import Period, period_of
from scr_audit.values.text import counted

Detail = Literal["totals", "findings", "facts"]
_OUTCOMES = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
_NOT_KEPT = ("records", "findings", "trend")
_ROWS_AT_ONCE = 2_000
_LEAST_PREFIX = 6
_NAMES = ("rule", "record", "unit", "outcome")


@dataclass(frozen=True)
class KeptRun:
    """A run of the store. `head` is its bundle without records and findings."""

    id: str
    added_at: str
    detail: str
    period: Period | None
    head: RunHead

    @property
    def plan(self) -> str | None:
        """The id of its audit plan; None: no plan chose the rules."""
        return plan_of(self.head)


@dataclass(frozen=True)
class NewRun:
    """A run to add: the SHA-256 of its bundle's bytes, and what is kept of it."""

    id: str
    head: RunHead
    findings: Iterable[FindingInfo]
    detail: Detail
    period: Period | None


def new_run(
    bundle: StreamedBundle, *, detail: Detail = "findings", period: Period | None = None
) -> NewRun:
    """A run to add, of a bundle in a file (`stream_bundle`); of one without findings its totals.

    `period` is the days that it is about, where its audit plan does not tell them.
    Raises `ArgumentError` for another `detail`.
    """
    check_choice("detail", detail, get_args(Detail))
    head = bundle.head
    if not bundle.findings and any(head["totals"]["units"].values()):
        detail = "totals"
    found = bundle.each_finding()
    return NewRun(bundle.sha256, head, found, detail, period or head_period(head))


def judged_run(head: RunHead, spool: Spool | None) -> NewRun:
    """A run to add, of an audit that was made just now: its `head` and its `spool`."""
    return NewRun(
        id=bundle_id(bundle_bytes(head, spool)),
        head=msgspec.to_builtins(head),
        findings=() if spool is None else map(msgspec.json.decode, spool.findings()),
        detail="totals" if spool is None else "findings",
        period=head_period(head),
    )


def plan_of(head: RunHead) -> str | None:
    """The id of the audit plan of a bundle."""
    return None if head["plan"] is None else head["plan"]["id"]


def bundle_id(pieces: Iterable[bytes]) -> str:
    """The id of a run: the SHA-256 of its bundle, given in pieces."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def add_run(store: Store, run: NewRun, *, at: str | None = None) -> Literal["added", "known"]:
    """Add a run in one transaction; `known` where the same run is there, which changes nothing.

    The same run is the same bundle, or one that differs only in what earlier runs or a plan of
    actions added to it. `at` is the moment in UTC, by default now. Raises `InputError` where
    the store fails; then nothing is kept.
    """
    with store.writing() as connection:
        if _is_known(connection, run, store.place):
            return "known"
        try:
            with connection.begin_nested():
                connection.execute(runs.insert(), [_run_row(run, at or now_text())])
        except IntegrityError:  # another process added the same bundle a moment before
            return "known"
        try:
            _many(connection, rule_totals, _total_rows(run))
            if run.detail != "totals":
                _many(connection, findings, _finding_rows(run))
        except IntegrityError as error:
            raise InputError(
                "the bundle has two totals of one rule, or two findings of one rule on one unit; "
                "it was not added. Run the audit again"
            ) from error
    return "added"


def _is_known(connection: Connection, run: NewRun, place: Location) -> bool:
    if connection.execute(select(runs.c.id).where(runs.c.id == run.id)).first():
        return True
    pack, as_of = run.head["pack"]["sha256"], run.head["as_of"]
    query = select(runs).where(runs.c.pack_sha256 == pack, runs.c.as_of == as_of)
    return any(same_run(one.head, run.head) for one in _kept_of(connection, query, place))


def _many(connection: Connection, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows in batches, so that memory does not grow with their number."""
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        connection.execute(table.insert(), batch)


def _run_row(run: NewRun, at: str) -> dict[str, Any]:
    head, period = run.head, run.period
    return {
        "id": run.id,
        "added_at": at,
        **_columns(head),
        "period_start": None if period is None else period.start.isoformat(),
        "period_end": None if period is None else period.end.isoformat(),
        "detail": run.detail,
        "head": _kept_head(run),
    }


def _columns(head: RunHead) -> dict[str, Any]:
    """What of a head stands in columns of its own, too, by which runs are found."""
    return {
        "pack": head["pack"]["id"],
        "pack_version": head["pack"]["version"],
        "pack_sha256": head["pack"]["sha256"],
        "plan": plan_of(head),
        "as_of": head["as_of"],
    }


def _kept_head(run: NewRun) -> dict[str, Any]:
    """The bundle without records and findings; records left out are only counted.

    Nor is its trend kept, which is made anew of the runs that there are.
    """
    head = {name: value for name, value in run.head.items() if name not in _NOT_KEPT}
    return head if run.detail == "facts" else {**head, "left_out": []}


def _total_rows(run: NewRun) -> Iterator[dict[str, Any]]:
    for rule in run.head["rules"]:
        totals = rule["totals"]
        meaning: str | None = rule.get("meaning")
        yield {
            "run": run.id,
            "rule": rule["id"],
            "meaning": meaning,
            "records": totals["records"],
            **{name: value for name, value in totals.items() if name in _OUTCOMES},
        }


def _finding_rows(run: NewRun) -> Iterator[dict[str, Any]]:
    for finding in run.findings:
        yield {
            "run": run.id,
            "rule": finding["rule"],
            "record": finding["record"],
            "unit": finding["unit"],
            "outcome": finding["outcome"],
            "key_sha256": None if finding["key"] is None else key_sha256(finding["key"]),
            "key_named": finding["key_named"],
            "facts": dict(finding) if run.detail == "facts" else None,
        }


def kept_runs(store: Store, *, plan: str | None = None, pack: str | None = None) -> list[KeptRun]:
    """The runs of a store, in the order in which they were added."""
    query = select(runs).order_by(runs.c.added_at, runs.c.id)
    if plan is not None:
        query = query.where(runs.c.plan == plan)
    if pack is not None:
        query = query.where(runs.c.pack == pack)
    with store.reading() as connection:
        return list(_kept_of(connection, query, store.place))


def _kept_of(connection: Connection, query: Select[Any], place: Location) -> Iterator[KeptRun]:
    """The runs of a query, each read by itself, so that it is known which one is damaged."""
    names = query.with_only_columns(runs.c.id, runs.c.added_at)
    for run, at in connection.execute(names).all():
        with _readable(place, run, at):
            row = connection.execute(select(runs).where(runs.c.id == run)).first()
        if row is None:  # an index of the store leads to a row that is not there
            raise _damaged(place, run, at)
        yield _kept(row, place)


@contextlib.contextmanager
def _readable(place: Location, run: str, at: str) -> Iterator[None]:
    """Name the run of which a text is no UTF-8. Raises `InputError`."""
    try:
        yield
    except (DBAPIError, UnicodeDecodeError) as error:
        if isinstance(error, DBAPIError) and UNDECODABLE not in str(error.orig):
            raise
        raise _damaged(place, run, at) from error


def _kept(row: Any, place: Location) -> KeptRun:
    try:
        period = period_of(row.period_start, row.period_end)
        head = msgspec.convert(newest(row.head), RunHead)
        if any(getattr(row, name) != value for name, value in _columns(head).items()):
            raise ValueError("its columns and its head differ")
        if row.detail not in get_args(Detail):
            raise ValueError("its detail is none")
    except (AttributeError, TypeError, ValueError) as error:
        raise _damaged(place, row.id, row.added_at) from error
    return KeptRun(row.id, row.added_at, row.detail, period, head)


def _damaged(place: Location, run: str, at: str) -> InputError:
    return InputError(
        f"{place}: the run {run!s:.12}, added {at}, is damaged: what was kept of it cannot be "
        "read. Take a copy of the store from a backup; nothing was written"
    )


def find_run(store: Store, prefix: str) -> KeptRun:
    """The run whose id begins so (6 characters or more). Raises `InputError`."""
    if len(prefix) < _LEAST_PREFIX:
        raise InputError(f"{prefix}: give at least {_LEAST_PREFIX} characters of a run's id")
    query = select(runs).where(runs.c.id.startswith(prefix, autoescape=True)).order_by(runs.c.id)
    with store.reading() as connection:
        found = list(_kept_of(connection, query, store.place))
    if not found:
        raise InputError(f"{prefix}: {store.place} has no run of this id; list the runs it has")
    if len(found) > 1:
        raise InputError(f"{prefix}: {len(found)} runs begin so; give more of the id")
    return found[0]


def kept_findings(store: Store, run: KeptRun) -> list[UnitVerdict]:
    """The findings of a run as they were kept.

    They are whole, or rule, record, unit and outcome, and of the unit's key the SHA-256 alone.
    """
    query = (
        select(findings)
        .where(findings.c.run == run.id)
        .order_by(findings.c.rule, findings.c.record, findings.c.unit)
    )
    with store.reading() as connection, _readable(store.place, run.id, run.added_at):
        rows = list(connection.execute(query).mappings())
    number = Counter(row["outcome"] for row in rows)
    units = run.head["totals"]["units"].items()
    is_whole = run.detail == "totals" or all(number[name] == count for name, count in units)
    rules = {rule["id"] for rule in run.head["rules"]}
    if not is_whole or not all(row["rule"] in rules and _is_sound(row, run.detail) for row in rows):
        raise _damaged(store.place, run.id, run.added_at)
    return [newest_finding(row["facts"] or _few(row)) for row in rows]


def _is_sound(row: Any, detail: str) -> bool:
    """Whether a row has the whole finding just where that was kept, and it is the row's own."""
    if row["outcome"] not in _OUTCOMES or not re.match("/|$", str(row["unit"])):
        return False
    if detail != "facts":
        return row["facts"] is None
    try:
        whole: dict[str, Any] = newest_finding(row["facts"])
        msgspec.convert(whole, FindingInfo)
    except msgspec.ValidationError:
        return False
    return all(whole[name] == row[name] for name in _NAMES)


def _few(row: Any) -> dict[str, Any]:
    found = {name: row[name] for name in _NAMES}
    if row["key_sha256"] is None:
        return found
    return {**found, "key": None, **{name: row[name] for name in ("key_sha256", "key_named")}}


def named_run(store: Store, name: str, *, plan: str | None = None) -> KeptRun:
    """The run whose id begins so, or `last`, or `last~1` for the one before it.

    `plan` is the id of the audit plan whose series the last run is of. Raises `InputError`.
    """
    found = LAST.fullmatch(name)
    return find_run(store, name) if found is None else _last(store, int(found[1] or 0), plan)


def _last(store: Store, back: int, plan: str | None) -> KeptRun:
    """The run that many before the last one of its series."""
    runs = sorted(kept_runs(store, plan=plan), key=_order)
    series = {(run.head["pack"]["id"], run.plan) for run in runs}
    of = f" of the plan {plan}" if plan else ""
    if len(series) > 1:
        told = ", ".join(sorted(f"{pack} ({plan or 'no plan'})" for pack, plan in series))
        raise InputError(f"last: {store.place} has runs of several series{of}: {told}; name its "
                         "plan, or a run by its id")  # fmt: skip
    if back >= len(runs):
        name = f"last~{back}" if back else "last"
        raise InputError(f"{name}: {store.place} has {counted(len(runs), 'run')}{of}")
    return runs[-1 - back]


def _order(run: KeptRun) -> tuple[str, str, str]:
    """Runs by their period, else by the day they are as of, then as they were added."""
    day = run.head["as_of"] or "" if run.period is None else run.period.end.isoformat()
    return day, run.added_at, run.id


def series_run(run: KeptRun) -> SeriesRun:
    """A run as one of a series, named by the first characters of its id."""
    return SeriesRun(run.id[:12], run.head, run.period)


def kept_info(run: KeptRun) -> KeptRunInfo:
    """What a list says of a run."""
    head = run.head
    return {
        "id": run.id,
        "added_at": run.added_at,
        "pack": head["pack"]["id"],
        "pack_version": head["pack"]["version"],
        "plan": run.plan,
        "as_of": head["as_of"],
        "period": None if run.period is None else run.period.label,
        "detail": run.detail,
        "rules": len(head["rules"]),
        "records": head["input"]["records"]["judged"],
    }


def kept_bundle(store: Store, run: KeptRun) -> RunBundle:
    """A run as a bundle; what was not kept of its findings is empty. Raises `InputError`."""
    found = kept_findings(store, run)
    return {
        **run.head,
        "records": _records(run.head, found),
        "findings": [_whole(finding) for finding in found],
    }


def _whole(finding: UnitVerdict) -> FindingInfo:
    empty: FindingInfo = {
        "rule": finding["rule"], "record": finding["record"], "outcome": finding["outcome"],
        "unit": finding["unit"], "key": finding["key"], "key_named": finding["key_named"],
        "criteria": {}, "exception": None, "facts": [], "missing": [], "reason": "",
        "remedy": None, "late": [],
    }  # fmt: skip
    whole = cast("FindingInfo", finding)  # kept with all facts, or not
    return {**empty, **finding} if "reason" in whole else empty


def _records(head: RunHead, findings: Sequence[UnitVerdict]) -> list[RecordInfo]:
    """The records that the findings are of; their events are not kept."""
    kinds = {rule["id"]: rule["record"] for rule in head["rules"]}
    none: Units = {
        "met": 0, "not_met": 0, "not_evidenced": 0, "not_applicable": 0, "excepted": 0, "error": 0
    }  # fmt: skip
    found: dict[tuple[str, str], Units] = {}
    for finding in findings:
        key = (kinds[finding["rule"]], finding["record"])
        found.setdefault(key, {**none})[finding["outcome"]] += 1
    return [
        {"id": record, "kind": kind, "totals": totals, "events": []}
        for (kind, record), totals in found.items()
    ]
