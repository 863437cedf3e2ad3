"""`scr-audit merge`, `moderate`, `agree`: one record of several, and two readings of one sample."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from scr_audit.anonymity.authored import check_authored
from scr_audit.anonymity.gate import Gate
from scr_audit.cli.app_records import MergeRequest
from scr_audit.cli.app_samples import AgreeRequest, ModerateRequest
from scr_audit.cli.deciding import (
    MOST_SHOWN,
    Conflicts,
    Key,
    check_merged,
    check_places,
    conflicts_in,
    decisions_in,
    files_of,
    merged_pieces,
    refuse_unused,
    side,
    sources_in,
    stopped,
)
from scr_audit.cli.gating import LookAlikes, check_reason, say_allowed
from scr_audit.cli.output import (
    Written,
    check_apart,
    check_outputs,
    write_all,
)
from scr_audit.cli.streams import OK, WRONG, say
from scr_audit.errors import InputError
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.plans.plan import find_plan
from scr_audit.plans.planned import planned
from scr_audit.readings.agreement import Side, agreement_document
from scr_audit.readings.decisions import Decisions
from scr_audit.readings.facts import Reading
from scr_audit.readings.merge import Merged, Source, alone, merged
from scr_audit.records.files import expanded
from scr_audit.records.read import Inputs, check_readable
from scr_audit.report.agreement import FORMATS, render_agreement, sentences
from scr_audit.report.headline import anonymity_sentence
from scr_audit.report.wording import counted, one_line


def merge_command(request: MergeRequest) -> int:
    """Write the merged records, or nothing and the conflicts; the exit code."""
    check_reason(request.allow_identifiable)
    files = expanded(request.files)
    check_readable(files)
    check_places(request.output, request.decisions, files, request.pack)
    pack = load_pack(request.pack)
    decisions = decisions_in(request.decisions, request.allow_identifiable)
    gate = Gate(pack, request.allow_identifiable)
    look_alikes = LookAlikes()
    records = _merged(files, gate, decisions, look_alikes)
    gate.check("nothing")
    look_alikes.say()
    conflicts = conflicts_in(records)
    refuse_unused(decisions, request.decisions)
    if conflicts:
        return stopped(request.decisions, conflicts)
    check_merged(records, pack)
    write_all([Written(request.output, merged_pieces(request.output, records, pack))])
    say_allowed(gate)
    say(f"wrote {request.output}: {counted(len(records), 'record')}")
    return OK


def _merged(
    files: list[str], gate: Gate, decisions: Decisions, look_alikes: LookAlikes
) -> dict[Key, Merged]:
    """The records by kind and id, in the order in which they first come."""
    found: dict[Key, Merged] = {}
    for name in files:
        for key, source in sources_in(name, gate, Inputs(), look_alikes):
            type_ = gate.pack.kinds[key[0]].type
            if key not in found:
                found[key] = alone(type_, source)
                continue
            before = found[key]
            made = merged(type_, before.source, source, partial(decisions.of, *key))
            made.conflicts[:0] = before.conflicts
            made.remarks[:0] = before.remarks
            found[key] = made
    return found


def moderate_command(request: ModerateRequest) -> int:
    """Write the moderated records, or nothing and what is undecided; the exit code."""
    check_reason(request.allow_identifiable)
    files = [*files_of([request.first]), *files_of([request.second])]
    check_places(request.output, request.decisions, files, request.pack)
    pack = load_pack(request.pack)
    decisions = decisions_in(request.decisions, request.allow_identifiable)
    gate = Gate(pack, request.allow_identifiable)
    look_alikes = LookAlikes()
    first, second = (side([each], gate, look_alikes) for each in (request.first, request.second))
    gate.check("nothing")
    look_alikes.say()
    _check_same_sample(first, second, request)
    records = _moderated(first, second, pack, decisions)
    conflicts = conflicts_in(records)
    refuse_unused(decisions, request.decisions)
    if conflicts and (not request.leave_undecided or not request.decisions.exists()):
        return stopped(request.decisions, conflicts)
    check_merged(records, pack)
    write_all([Written(request.output, merged_pieces(request.output, records, pack))])
    _tell_left(conflicts)
    say_allowed(gate)
    say(f"wrote {request.output}: {counted(len(records), 'record')}")
    return OK


def _check_same_sample(first: Side, second: Side, request: ModerateRequest) -> None:
    """A record that one auditor read was not read twice, so nobody can moderate it."""
    for one, other, name in (
        (first, second, request.second),
        (second, first, request.first),
    ):
        lacking = [key[1] for key in one.records if key not in other.records]
        if lacking:
            more = ", …" if len(lacking) > MOST_SHOWN else ""
            raise InputError(
                f"{name}: lacks {counted(len(lacking), 'record')} of the sample: "
                f"{', '.join(lacking[:MOST_SHOWN])}{more}. Both auditors read the same records; "
                "see 'scr-audit agree'"
            )


def _moderated(first: Side, second: Side, pack: Pack, decisions: Decisions) -> dict[Key, Merged]:
    return {
        key: merged(
            pack.kinds[key[0]].type,
            _source(first.records[key]),
            _source(second.records[key]),
            partial(decisions.of, *key),
            one_sided="asked",
        )
        for key in first.records
    }


def _source(reading: Reading) -> Source:
    return Source(reading.facts, reading.origins)


def _tell_left(conflicts: Conflicts) -> None:
    for _, record, conflict in conflicts[:MOST_SHOWN]:
        words = f"left undecided, and so not recorded: {record}: {conflict.pointer}"
        say(one_line(words))
    if len(conflicts) > MOST_SHOWN:
        say(f"left undecided: {len(conflicts) - MOST_SHOWN:,} more, not listed")


def agree_command(request: AgreeRequest) -> int:
    """Compare two readings and write the reports; exit code 2 where the samples differ."""
    check_reason(request.allow_identifiable)
    check_authored(request.plan, request.settings)
    _check_places(request)
    pack = load_pack(request.pack, settings=request.settings)
    if request.plan is not None:
        pack = planned(pack, find_plan(request.plan))
    gate = Gate(pack, request.allow_identifiable)
    look_alikes = LookAlikes()
    first, second = (side([each], gate, look_alikes) for each in (request.first, request.second))
    gate.check()
    look_alikes.say()
    document = agreement_document(pack, first, second, as_of=request.as_of)
    document["not_for_publication"] = anonymity_sentence({"anonymity": gate.document()})
    if not document["records"]:
        raise InputError(
            f"{request.first} and {request.second} have no record in common: nothing to compare. "
            "The same record has the same id in both"
        )
    write_all(
        Written(path, (render_agreement(document, path.suffix.lower()),))
        for path in request.outputs
    )
    _tell(document, request)
    same_sample = not (document["first"]["only_here"] or document["second"]["only_here"])
    return OK if same_sample else WRONG


def _check_places(request: AgreeRequest) -> None:
    check_outputs(request.outputs, FORMATS)
    read = [*files_of([request.first]), *files_of([request.second])]
    check_apart(request.outputs, [*read, request.pack, request.plan, request.settings])


def _tell(document: Mapping[str, Any], request: AgreeRequest) -> None:
    for sentence in sentences(document):
        print(one_line(sentence))  # noqa: T201  # the command's result
    for path in request.outputs:
        say(f"wrote {path}")
