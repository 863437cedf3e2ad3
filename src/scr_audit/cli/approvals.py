"""`scr-audit exceptions add`: an entry that names its unit by the facts of its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scr_audit.anonymity.gate import Gate
from scr_audit.approvals.new_entry import exception_for, known_rule, with_entry
from scr_audit.cli.app_samples import ExceptionRequest
from scr_audit.cli.streams import OK, say
from scr_audit.engine import Engine
from scr_audit.errors import ArgumentError, did_you_mean, listed
from scr_audit.evaluate.finding import Finding
from scr_audit.evaluate.outcomes import Approval
from scr_audit.inputs.files import check_readable, expand_names
from scr_audit.language.conditions import Rule
from scr_audit.outputs import Written, check_apart, check_writable, write_all
from scr_audit.packs.builtin import load_pack
from scr_audit.report.wording import LABELS, day_text, one_line, unit_words
from scr_audit.values.text import normal_text


def add_command(request: ExceptionRequest) -> int:
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
