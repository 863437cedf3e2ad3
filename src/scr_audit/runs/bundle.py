"""The run bundle: a run as JSON. Same pack, same input, same day: same bytes.

Findings are written as they are made, into a spool on disk, so that memory does not grow
with their number; the bundle is put together at the end.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from scr_audit._version import __version__
from scr_audit.approvals.approved import ApprovedException, ExceptionUse, require_day
from scr_audit.documents.parts import (
    AnonymityInfo,
    FileInfo,
    LeftOutInfo,
    OfficeInfo,
    ParameterInfo,
    PeriodInfo,
    PlanInfo,
    RemarkInfo,
    SampleUsedInfo,
)
from scr_audit.documents.run import (
    ExceptionInfo,
    ExceptionsInfo,
    ExceptionState,
    FallsDueInfo,
    FindingInfo,
    JudgedUnit,
    ModerationInfo,
    RatesInfo,
    RecommendationInfo,
    RecordInfo,
    RuleInfo,
    RunBundle,
    RunHead,
    StandardInfo,
)
from scr_audit.errors import InputError
from scr_audit.evaluate.finding import Finding, typed_record
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.language.conditions import Constant, ParameterUse, operands, walk
from scr_audit.language.meaning import meaning
from scr_audit.language.rule import Parameter, Rule
from scr_audit.language.types import Value
from scr_audit.packs.pack import Pack, SampleUsed
from scr_audit.records.raw import InputFile
from scr_audit.records.structs import FACT_TYPE
from scr_audit.runs.events import events
from scr_audit.runs.run import Run
from scr_audit.runs.totals import (
    NOT_DRAWN,
    OUTSIDE,
    LeftOut,
    Remark,
    UnitCounts,
)
from scr_audit.stats.shares import Rates, against_standard

if TYPE_CHECKING:
    from scr_audit.plans.plan import AuditPlan

RUN_FORMAT: Literal["scr-audit/run"] = "scr-audit/run"
RUN_VERSION: Literal[2] = 2
SpoolLines: TypeAlias = tuple[bytes, bytes]
_encode = msgspec.json.Encoder().encode
_encode_lines = msgspec.json.Encoder().encode_lines
_decode_outcome = msgspec.json.Decoder(JudgedUnit).decode


class Spool:
    """Findings and the totals of each record, as lines of JSON in temporary files.

    `document` is what is kept of each finding, and `render` makes of the findings of a record what
    `write` takes: in another process, where there are several. Raises `InputError` where the
    temporary folder is full or cannot be written.
    """

    def __init__(self, document: Callable[[Finding], FindingInfo] = Finding.to_dict) -> None:
        self.render = partial(spool_lines, document=document)
        with _file_errors():
            self._findings: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by __exit__
            self._records: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by __exit__

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self._findings, self._records):
            with contextlib.suppress(OSError):  # what a full disk did not take was reported already
                file.close()

    def add(self, findings: list[Finding]) -> None:
        """Add the findings of one record."""
        self.write(self.render(findings))

    def write(self, lines: SpoolLines) -> None:
        """Add the lines of one record."""
        record, findings = lines
        with _file_errors():
            self._findings.write(findings)
            self._records.write(record)

    def findings(self) -> Iterator[bytes]:
        """The findings, a line each."""
        with _file_errors():
            self._findings.seek(0)
            yield from self._findings

    def outcomes(self) -> Iterator[JudgedUnit]:
        """The rule, record and outcome of each finding."""
        return map(_decode_outcome, self.findings())

    def records(self) -> Iterator[bytes]:
        """The records, a line each."""
        with _file_errors():
            self._records.seek(0)
            yield from self._records


def spool_lines(findings: list[Finding], document: Callable[[Finding], FindingInfo]) -> SpoolLines:
    """The line of a record, and those of its findings, as a spool keeps them."""
    if not findings:
        return b"", b""
    counts = UnitCounts()
    for finding in findings:
        counts.units[OUTCOMES.index(finding.outcome)] += 1
    first, typed = findings[0], typed_record(findings[0])
    record: RecordInfo = {
        "id": first.record,
        "kind": first.kind,
        "totals": counts.named(),
        "events": events(typed, getattr(type(typed), FACT_TYPE)),
    }
    return _encode(record) + b"\n", _encode_lines(map(document, findings))


@contextlib.contextmanager
def _file_errors() -> Iterator[None]:
    """Turn failures of the temporary files into `InputError`."""
    try:
        yield
    except OSError as error:
        folder = tempfile.tempdir or "no folder was found"
        raise InputError(
            f"the temporary folder ({folder}), where findings are kept while the audit runs, "
            f"cannot be written: {error.strerror or error}. No report was changed. "
            "Set TMPDIR to a folder with room, or count totals only"
        ) from error
    except ValueError as error:  # what Python says of a closed file
        raise InputError(
            "the audit is closed, and the findings it kept are gone; use it inside its 'with', or "
            "before 'close'"
        ) from error


def bundle_head(
    run: Run,
    plan: AuditPlan | None = None,
    *,
    anonymity: AnonymityInfo | None = None,
    sample: SampleUsed | None = None,
    moderation: ModerationInfo | None = None,
    office: OfficeInfo | None = None,
) -> RunHead:
    """The bundle without its `records` and `findings`.

    `anonymity` is what the gate found; None where the records did not pass through it. `sample`
    is what the plan's records were drawn by, `moderation` what changed between two auditors'
    readings and these records, `office` whose audit it is.
    """
    head = _head(run, plan, sample)
    head["anonymity"] = anonymity
    if office is not None:
        head["office"] = office
    if run.remark_count:
        head["remarks"] = {
            "count": run.remark_count,
            "listed": [_remark(remark) for remark in run.remarks],
        }
    if run.exceptions.file:
        head["exceptions"] = exceptions_document(run)
    if moderation is not None:
        head["moderation"] = moderation
    return head


def _head(run: Run, plan: AuditPlan | None, sample: SampleUsed | None) -> RunHead:
    pack, totals = run.pack, run.totals
    everything = totals.over(rule.id for rule in pack.rules)
    return {
        "format": RUN_FORMAT,
        "format_version": RUN_VERSION,
        "engine": {"name": "scr-audit", "version": __version__},
        "pack": {
            "id": pack.id,
            "version": pack.version,
            "title": pack.title,
            "sha256": pack.sha256,
            "licence": pack.licence,
            "source": dict(pack.source),
            "kinds": {name: kind.plural for name, kind in pack.kinds.items()},
        },
        "plan": None if plan is None else plan_document(run, plan, sample),
        "as_of": None if run.as_of is None else run.as_of.isoformat(),
        "input": {
            "files": [file_info(file) for file in run.inputs.files],
            "records": {
                "read": sum(
                    count for kind, count in totals.read.items() if kind not in pack.gathered
                )
                + run.left_out_count
                + sum(run.refused.values()),
                "judged": sum(totals.read.values()),
                "left_out": run.left_out_count,
                "outside": run.refused.get(OUTSIDE, 0),
                "not_drawn": run.refused.get(NOT_DRAWN, 0),
                "by_kind": {kind: totals.read[kind] for kind in pack.kinds if kind in totals.read},
            },
        },
        "parameters": _parameters(pack),
        "left_out": [_left_out(left_out) for left_out in run.left_out],
        "anonymity": None,
        "compared": None,
        "totals": {
            "units": everything.named(),
            "rates": rates_info(everything.rates()),
            "records": {"judged": totals.judged, "all_met": totals.all_met},
        },
        "falls_due": _falls_due(run),
        "recommendations": _recommendations(run),
        "rules": [_rule(run, rule, plan) for rule in pack.rules],
    }


def file_info(file: InputFile) -> FileInfo:
    """A file as documents name it."""
    return {"name": file.name, "sha256": file.sha256}


def _left_out(left_out: LeftOut) -> LeftOutInfo:
    return {
        "file": left_out.file,
        "position": left_out.position,
        "record": left_out.record,
        "problems": [{"pointer": p.pointer, "message": p.message} for p in left_out.problems],
    }


def _remark(remark: Remark) -> RemarkInfo:
    return {
        "file": remark.file,
        "position": remark.position,
        "record": remark.record,
        "text": remark.text,
    }


def _falls_due(run: Run) -> list[FallsDueInfo]:
    places = {rule.id: place for place, rule in enumerate(run.pack.rules)}
    found = sorted(run.totals.falls_due, key=lambda key: (key[1], places[key[0]]))
    return [
        {"month": month, "rule": rule, "units": run.totals.falls_due[rule, month]}
        for rule, month in found
    ]


def _parameters(pack: Pack) -> list[ParameterInfo]:
    """The parameters that a rule of the run uses; a plan may have left the others none."""
    used = {
        operand.name
        for rule in pack.rules
        for condition in rule.conditions()
        for part in walk(condition)
        for operand in operands(part)
        if isinstance(operand, ParameterUse | Constant)  # one that never changes is a constant
    }
    return [_parameter(each) for name, each in pack.parameters.items() if name in used]


def _parameter(parameter: Parameter) -> ParameterInfo:
    return {
        "name": parameter.name,
        "title": parameter.title,
        "unit": parameter.unit,
        "source": parameter.source,
        "overridden": parameter.overridden,
        "values": [
            {
                "from": None if entry.since is None else entry.since.isoformat(),
                "value": _plain(entry.value),
            }
            for entry in parameter.values
        ],
    }


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def rates_info(rates: Rates) -> RatesInfo:
    """Shares as the bundle has them."""
    return {
        "judged": rates.judged,
        "assured": rates.assured,
        "evidenced": rates.evidenced,
        "low": rates.low,
        "high": rates.high,
        "interval": rates.interval,
    }


def _recommendations(run: Run) -> list[RecommendationInfo]:
    """Every recommendation of the pack; of a plan's choice, only those that have rules."""
    by_paragraph: dict[str, list[str]] = {}
    for rule in run.pack.rules:
        by_paragraph.setdefault(rule.paragraph, []).append(rule.id)
    rows: list[RecommendationInfo] = []
    for item in run.pack.recommendations:
        rule_ids = by_paragraph.get(item.id, [])
        total = run.totals.over(rule_ids)
        rows.append(
            {
                "id": item.id,
                "title": item.title,
                "agency": item.agency,
                "theme": item.theme,
                "rules": rule_ids,
                "totals": total.named(),
                "rates": rates_info(total.rates()),
            }
        )
    return rows


def _rule(run: Run, rule: Rule, plan: AuditPlan | None) -> RuleInfo:
    counts = run.totals.rules[rule.id]
    return {
        "id": rule.id,
        "recommendation": rule.paragraph,
        "see": list(rule.see),
        "title": rule.title,
        "record": rule.kind,
        "severity": rule.severity,
        "unit": rule.unit,
        "unit_plural": rule.units,
        "advice": rule.advice or None,
        "criteria": [criterion.name for criterion in rule.require],
        "location": rule_location(run.pack, rule),
        "meaning": meaning(rule, run.pack.parameters),
        "totals": counts.of_rule(),
        "rates": rates_info(counts.rates()),
        "standard": None if plan is None else _standard(counts, plan.standard_of(rule.id)),
    }


def _standard(counts: UnitCounts, share: float | None) -> StandardInfo | None:
    """The share that the plan asks for, and whether the rule's units reach it."""
    if share is None:
        return None
    return {"share": share, "verdict": against_standard(counts.rates(), share)}


def rule_location(pack: Pack, rule: Rule) -> str:
    """Where a rule stands in its pack: `rules/05-00-overview.yaml:12`."""
    path = Path(rule.place.file)
    root = Path(pack.folder)
    # Else the rule is of a pack that this one extends, in the folder beside it.
    around = (root, root.parent, root.resolve().parent)
    base = next((each for each in around if path.is_relative_to(each)), None)
    shown = path if base is None else path.relative_to(base)
    return f"{shown.as_posix()}:{rule.place.line}"


def bundle_bytes(head: RunHead, spool: Spool | None) -> Iterator[bytes]:
    """The whole bundle as JSON text in pieces; one record and one finding a line."""
    text = msgspec.json.format(_encode(head), indent=2)
    yield text.removesuffix(b"\n}")
    for name in ("records", "findings"):
        lines = iter(()) if spool is None else getattr(spool, name)()
        yield f',\n  "{name}": ['.encode()
        separator = b"\n"
        for line in lines:
            yield separator + line.rstrip(b"\n")
            separator = b",\n"
        yield b"\n  ]"
    yield b"\n}\n"


def bundle_document(head: RunHead, spool: Spool | None) -> RunBundle:
    """The whole bundle as values, for the reports."""
    whole: RunBundle = msgspec.json.decode(_encode(head))
    decode = msgspec.json.Decoder().decode
    whole["records"] = [] if spool is None else [decode(line) for line in spool.records()]
    whole["findings"] = [] if spool is None else [decode(line) for line in spool.findings()]
    return whole


def exceptions_document(run: Run) -> ExceptionsInfo:
    """The file of exceptions of a run, and every entry with what it did."""
    found = run.exceptions
    rules = {rule.id for rule in run.pack.rules}
    return {
        "file": found.file,
        "sha256": found.sha256,
        "entries": [
            _entry(entry, run.result.reach.get(number), rules, run)
            for number, entry in enumerate(found.entries)
        ],
    }


def _entry(
    entry: ApprovedException, reached: ExceptionUse | None, rules: set[str], run: Run
) -> ExceptionInfo:
    approval = entry.approval.to_dict()
    made: ExceptionInfo = {
        "rule": entry.rule,
        "record": entry.record,
        "key": entry.key,
        "reason": approval["reason"],
        "approved_by_role": approval["approved_by_role"],
        "from": approval["from"],
        "until": approval["until"],
        "state": _state(entry, reached, rules, require_day(run.as_of)),
        "units": 0 if reached is None else reached.excepted,
    }
    like = run.ids.like(entry.kind, entry.record)
    if made["state"] == "record_not_judged" and like not in (None, entry.record):
        made["looks_like"] = str(like)
    return made


def _state(
    entry: ApprovedException, reached: ExceptionUse | None, rules: set[str], day: date
) -> ExceptionState:
    if day > entry.approval.until:
        return "expired"
    if day < entry.approval.since:
        return "not_yet"
    if entry.rule not in rules:
        return "rule_not_in_run"
    if reached is None:
        return "record_not_judged"
    if reached.excepted:
        return "applied"
    if entry.key is None or reached.units == 1:
        return "nothing_to_except"
    return "several_units" if reached.units else "unit_not_found"


def plan_document(run: Run, plan: AuditPlan, sample: SampleUsed | None = None) -> PlanInfo:
    """The plan as the bundle has it; what it does not say is None, or left out for sections."""
    found: PlanInfo = {
        "id": plan.id,
        "title": plan.title,
        "question": plan.question,
        "selection": plan.selection or None,
        "sha256": plan.sha256,
        "filter": plan.filter_words or None,
        "period": _period(run.pack),
        "comparison": plan.comparison,
        "sample": None if sample is None else _sample(run, sample),
    }
    if plan.sections is not None:
        found["sections"] = list(plan.sections)
    return found


def _sample(run: Run, sample: SampleUsed) -> SampleUsedInfo:
    return {
        "method": sample.method,
        "seed": sample.seed,
        "frame": sample.frame,
        "frame_sha256": sample.sha256,
        "drawn": len(sample.ids),
        "missing": len(set(sample.ids) - run.result.drawn),
        "replaced": list(sample.replaced),
    }


def _period(pack: Pack) -> PeriodInfo | None:
    planning = pack.planning
    if planning is None or planning.period is None:
        return None
    period = planning.period
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "text": str(period),
        "not_limited": list(planning.not_limited),
        "falls_due": dict(planning.due_after),
    }
