"""`scr-audit merge`, `moderate`, `agree`: one record of several, and two readings of one sample.

`scr-audit exceptions add` is here, too: an entry names its unit by the facts of its key.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from scr_audit.anonymity.gate import Gate, check_reason
from scr_audit.anonymity.scan import check_authored
from scr_audit.approvals.new_entry import exception_for, known_rule, with_entry
from scr_audit.cli.app_records import AgreeRequest, ExceptionRequest, MergeRequest, ModerateRequest
from scr_audit.cli.gate import say_allowed, say_look_alikes
from scr_audit.cli.streams import OK, WRONG, say, say_unlisted, working
from scr_audit.documents.agreement import AgreementDocument
from scr_audit.engine import Engine
from scr_audit.errors import ArgumentError, did_you_mean, listed
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.outcomes import Approval
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.language.rule import Rule
from scr_audit.outputs import (
    Written,
    check_apart,
    check_distinct,
    check_outputs,
    check_writable,
    write_all,
)
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.readings.decision_sheet import decision_sheet, to_decide
from scr_audit.readings.decisions import decisions_text, origin_words
from scr_audit.readings.jobs import (
    MOST_CONFLICTS_SHOWN,
    Conflicts,
    Joined,
    OtherRecordsError,
    agree,
    merge,
    moderate,
)
from scr_audit.records.raw import RECORD_FORMATS
from scr_audit.report.agreement import AGREEMENT_FORMATS, agreement_sentences
from scr_audit.report.wording import LABELS, day_text, one_line, unit_words, value_text
from scr_audit.reports import write_document
from scr_audit.values.text import counted, normal_text, shortened

_LONGEST = 200

_CONFLICTS_ON_SCREEN = 4


def merge_command(request: MergeRequest) -> int:
    """Write the merged records, or nothing and the conflicts; the exit code."""
    check_reason(request.allow_identifiable)
    check_places(request.output, request.decisions, request.files, request.pack)
    joined = merge(
        request.files,
        pack=request.pack,
        decisions=_existing(request.decisions),
        allow_identifiable=request.allow_identifiable,
    )
    _say_remarks(joined)
    joined.check_decisions()
    if joined.conflicts:
        return report_conflicts(request.decisions, joined.conflicts, joined.pack)
    _write(joined, request.output)
    return OK


def moderate_command(request: ModerateRequest) -> int:
    """Write the moderated records, or nothing and what is undecided; the exit code."""
    check_reason(request.allow_identifiable)
    readings = request.first, request.second
    check_places(request.output, request.decisions, readings, request.pack)
    with _say_look_alikes_on_error():
        joined = moderate(
            request.first,
            request.second,
            pack=request.pack,
            decisions=_existing(request.decisions),
            allow_identifiable=request.allow_identifiable,
        )
    _say_remarks(joined)
    joined.check_decisions()
    if joined.conflicts and (not request.leave_undecided or not request.decisions.exists()):
        return report_conflicts(request.decisions, joined.conflicts, joined.pack)
    _write(joined, request.output)
    return OK


@contextlib.contextmanager
def _say_look_alikes_on_error() -> Iterator[None]:
    """Report ids that look alike, which may be why two readings have different records."""
    try:
        yield
    except OtherRecordsError as error:
        say_look_alikes(error.look_alikes)
        raise


def _existing(decisions: Path | None) -> Path | None:
    """The file of decisions, if it exists; if not, it is written where there are conflicts."""
    return decisions if decisions is not None and decisions.exists() else None


def _say_remarks(joined: Joined) -> None:
    say_look_alikes(joined.look_alikes)
    for key, record in joined.made.items():
        for remark in record.remarks[:MOST_CONFLICTS_SHOWN]:
            say(one_line(f"{key[1]}: {remark}"))


def _write(joined: Joined, output: Path) -> None:
    write_all([Written(output, joined.file(output.suffix))])
    _say_undecided(joined.conflicts)
    say_allowed(joined.gate)
    say(f"wrote {output}: {counted(len(joined.made), 'record')}")


def _say_undecided(conflicts: Conflicts) -> None:
    for _, record, conflict in conflicts[:MOST_CONFLICTS_SHOWN]:
        words = f"left undecided, and so not recorded: {record}: {conflict.pointer}"
        say(one_line(words))
    say_unlisted("left undecided", len(conflicts) - MOST_CONFLICTS_SHOWN)


def report_conflicts(path: Path | None, conflicts: Conflicts, pack: Pack) -> int:
    """Report the conflicts, and write a file for decisions where one was named; exit code 2."""
    for _, record, conflict in conflicts[:_CONFLICTS_ON_SCREEN]:
        say(one_line(f"conflict: {record}: {conflict.pointer}: {conflict.question}"))
        for value, origin in (
            (conflict.first, conflict.first_origin),
            (conflict.second, conflict.second_origin),
        ):
            shown = shortened(value_text(value), _LONGEST)
            say(f"    {one_line(f'{shown} ({origin_words(origin)})')}")
    say_unlisted("conflict", len(conflicts) - _CONFLICTS_ON_SCREEN)
    count = counted(len(conflicts), "conflict")
    if path is None:
        say(
            f"scr-audit: {count}; nothing was written. Mend a source, or name a file to decide "
            "them in: --decisions decisions.yaml"
        )
    elif path.exists():
        say(
            f"scr-audit: {count} that {path} does not decide; nothing was written. Fill in its "
            "entries; for conflicts without one, name a new file, and add its entries to this one"
        )
    else:
        in_sheet = path.suffix.lower() == ".xlsx"
        made = (
            decision_sheet(to_decide(conflicts), pack)
            if in_sheet
            else decisions_text(conflicts).encode()
        )
        write_all([Written(path, (made,))])
        say(f"scr-audit: {count}; wrote {path}: fill it in, and run the same command again")
    return WRONG


def check_places(
    output: Path, decisions: Path | None, files: Sequence[str], pack: str | None
) -> None:
    """Refuse outputs that cannot be written, or are inputs too. Raises `InputError`."""
    check_outputs([output], RECORD_FORMATS)
    if decisions is not None:
        check_distinct([output], decisions=decisions)
        check_writable(decisions)
    check_apart([output], [*expand_names(files), pack])


def agree_command(request: AgreeRequest) -> int:
    """Compare two readings and write the reports; exit code 2 where the samples differ."""
    check_reason(request.allow_identifiable)
    check_authored(request.plan, request.settings)
    check_outputs(request.outputs, tuple(AGREEMENT_FORMATS))
    read = expand_names((request.first, request.second))
    check_apart(request.outputs, [*read, request.pack, request.plan, request.settings])
    with _say_look_alikes_on_error(), working("reading and comparing"):
        found = agree(
            request.first,
            request.second,
            pack=request.pack,
            plan=request.plan,
            settings=request.settings,
            as_of=request.as_of,
            allow_identifiable=request.allow_identifiable,
        )
    say_look_alikes(found.look_alikes)
    write_document(found.document, *request.outputs)
    _say_agreement(found.document, request.outputs)
    first, second = found.document["first"], found.document["second"]
    alone = len(first["only_here"]) + len(second["only_here"])
    if alone:
        say(
            f"scr-audit: {counted(alone, 'record')} read by one of the two alone, so that the "
            "readings are not of the same sample"
        )
    return WRONG if alone else OK


def _say_agreement(document: AgreementDocument, outputs: Sequence[Path]) -> None:
    for sentence in agreement_sentences(document):
        print(one_line(sentence))  # noqa: T201  # the command's result
    for path in outputs:
        say(f"wrote {path}")


def exceptions_add_command(request: ExceptionRequest) -> int:
    """Add the entry to the file; the exit code."""
    path, days = request.file, (request.since, request.until)
    approval = Approval(request.reason.strip(), request.by_role.strip(), *days)
    check_apart([path], [*request.records, request.pack])
    check_writable(path)
    content = path.read_bytes() if path.exists() else None
    pack = load_pack(request.pack)
    rule, gate = known_rule(request.rule, pack), Gate(pack)
    findings = _findings(request, rule, gate)
    gate.check("nothing")
    entry = exception_for(
        findings, rule.id, request.record, approval=approval, pack=pack, unit=request.unit
    )
    made = with_entry(path, content, entry, pack)
    write_all([Written(path, (made,))])
    covered, which = entry.covered(findings), "every unit"
    if request.unit:
        which = unit_words(covered[0].key, covered[0].unit, rule.unit, rule.units)
    since, until = (day_text(day.isoformat()) for day in days)
    say(one_line(
        f"{path}: added: {rule.id}, {entry.record}, {which}, from {since} until {until}"
        f"{_idle(covered, until)}"
    ))  # fmt: skip
    return OK


def _idle(findings: Sequence[Finding], day: str) -> str:
    """A note that the exception does nothing, as known on its last day; empty where it does."""
    outcomes = {finding.outcome for finding in findings}
    if "not_met" in outcomes:
        return ""
    told = f"it is {LABELS[outcomes.pop()]}" if len(outcomes) == 1 else "none of it is not met"
    return f". As of {day} {told}; the exception does nothing unless it is not met"


def _findings(request: ExceptionRequest, rule: Rule, gate: Gate) -> list[Finding]:
    """The findings of the rule on the record, as far as the gate admits the records.

    Raises `ArgumentError` where there are none.
    """
    record, files = normal_text(request.record), expand_names(request.records)
    check_readable(files)
    found: list[Finding] = []
    seen: set[str] = set()

    def keep(findings: list[Finding]) -> None:
        seen.update(finding.record for finding in findings)
        found.extend(each for each in findings if each.record == record)

    engine = Engine(replace(gate.pack, rules=(rule,)))
    paths, day = [Path(name) for name in files], request.until
    run = engine.run(paths, as_of=day, on_findings=keep, admit=gate.admit)
    if not found and not gate.count:
        wrong = [each for each in run.left_out if each.record == record]
        why = f" It is wrong: {wrong[0].problems[0]}" if wrong else did_you_mean(
            record, seen
        )  # fmt: skip
        raise ArgumentError(
            f"record {record}",
            f"no such {rule.kind} record could be judged in {listed(request.records)}.{why}",
        )
    return found
