"""`scr-audit merge`, `moderate`, `agree`: one record of several, and two readings of one sample."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from scr_audit.anonymity.authored import check_authored
from scr_audit.anonymity.gate import check_reason
from scr_audit.cli.app_records import MergeRequest
from scr_audit.cli.app_samples import AgreeRequest, ModerateRequest
from scr_audit.cli.gate import say_allowed, say_look_alikes
from scr_audit.cli.streams import OK, WRONG, say
from scr_audit.documents.agreement import AgreementDocument
from scr_audit.inputs.files import expand_names
from scr_audit.outputs import (
    Written,
    check_apart,
    check_distinct,
    check_outputs,
    check_writable,
    write_all,
)
from scr_audit.readings.decisions import decisions_text, origin_words
from scr_audit.readings.readings import (
    MOST_SHOWN,
    Conflicts,
    Joined,
    OtherRecordsError,
    agree,
    merge,
    moderate,
)
from scr_audit.report.agreement import FORMATS, agreement_sentences, render_agreement
from scr_audit.report.wording import one_line, value_text
from scr_audit.values.text import counted, json_bytes

RECORD_FORMATS = (".json", ".ndjson", ".jsonl")
_LONGEST = 200


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
        return report_conflicts(request.decisions, joined.conflicts)
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
        return report_conflicts(request.decisions, joined.conflicts)
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
        for remark in record.remarks[:MOST_SHOWN]:
            say(one_line(f"{key[1]}: {remark}"))


def _write(joined: Joined, output: Path) -> None:
    joined.check()
    write_all([Written(output, _pieces(joined, output.suffix))])
    _say_undecided(joined.conflicts)
    say_allowed(joined.gate)
    say(f"wrote {output}: {counted(len(joined.made), 'record')}")


def _pieces(joined: Joined, suffix: str) -> Iterator[bytes]:
    """The records as the file that a suffix asks for."""
    if suffix.lower() == ".json":
        yield json_bytes(joined.records, 2)
        return
    for (kind, _), found in joined.made.items():
        yield json_bytes(found.record(kind))


def _say_undecided(conflicts: Conflicts) -> None:
    for _, record, conflict in conflicts[:MOST_SHOWN]:
        words = f"left undecided, and so not recorded: {record}: {conflict.pointer}"
        say(one_line(words))
    if len(conflicts) > MOST_SHOWN:
        say(f"left undecided: {len(conflicts) - MOST_SHOWN:,} more, not listed")


def report_conflicts(path: Path | None, conflicts: Conflicts) -> int:
    """Report the conflicts, and write a file for decisions where one was named; exit code 2."""
    for _, record, conflict in conflicts[:MOST_SHOWN]:
        say(one_line(f"conflict: {record}: {conflict.pointer}: {conflict.question}"))
        for value, origin in (
            (conflict.first, conflict.first_origin),
            (conflict.second, conflict.second_origin),
        ):
            say(f"    {one_line(f'{_short(value)} ({origin_words(origin)})')}")
    if len(conflicts) > MOST_SHOWN:
        say(f"conflict: {len(conflicts) - MOST_SHOWN:,} more, not listed")
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
        write_all([Written(path, (decisions_text(conflicts).encode(),))])
        say(f"scr-audit: {count}; wrote {path}: fill it in, and run the same command again")
    return WRONG


def _short(value: object) -> str:
    text = value_text(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


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
    check_outputs(request.outputs, FORMATS)
    read = expand_names((request.first, request.second))
    check_apart(request.outputs, [*read, request.pack, request.plan, request.settings])
    with _say_look_alikes_on_error():
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
    write_all(
        Written(path, (render_agreement(found.document, path.suffix.lower()),))
        for path in request.outputs
    )
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
