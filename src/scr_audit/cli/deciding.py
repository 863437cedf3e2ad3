"""What commands that merge share: decisions read, conflicts told, merged records written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from scr_audit.anonymity.authored import read_anonymous
from scr_audit.cli.exits import WRONG
from scr_audit.cli.output import (
    Written,
    check_apart,
    check_distinct,
    check_format,
    check_writable,
    write_all,
)
from scr_audit.cli.sources import Key
from scr_audit.cli.streams import say
from scr_audit.errors import InputError, RecordError
from scr_audit.merging.decisions import (
    Decisions,
    decisions_text,
    origin_words,
    read_decisions,
)
from scr_audit.merging.merge import Conflict, Merged
from scr_audit.packs.pack import Pack
from scr_audit.packs.yaml_source import read_yaml
from scr_audit.records.decode import decoder_of
from scr_audit.report.wording import counted, one_line, value_text

FORMATS = (".json", ".ndjson", ".jsonl")
MOST_SHOWN = 20
_LONGEST = 200
Conflicts = list[tuple[str, str, Conflict]]  # with the kind and the id of their record


def check_places(
    output: Path, decisions: Path | None, files: Sequence[str], pack: str | None
) -> None:
    """Refuse places that cannot be written or that are read. Raises `InputError`."""
    check_format(output, FORMATS)
    check_writable(output)
    if decisions is not None:
        check_distinct([output, decisions])
        check_writable(decisions)
    check_apart([output], [*files, pack])


def decisions_in(path: Path | None, allowed: str | None) -> Decisions:
    """The decisions in a file; none where there is no such file yet.

    Without a reason why identifiers are `allowed`, a file that holds one is refused.
    """
    if path is None or not path.exists():
        return Decisions({})
    read = read_anonymous if allowed is None else read_yaml
    try:
        return read_decisions(read(path.read_bytes(), str(path)))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def conflicts_in(records: dict[Key, Merged]) -> Conflicts:
    """Every conflict that is undecided, and the remarks told."""
    for key, record in records.items():
        for remark in record.remarks[:MOST_SHOWN]:
            say(one_line(f"{key[1]}: {remark}"))
    return [(*key, conflict) for key, record in records.items() for conflict in record.conflicts]


def refuse_unused(decisions: Decisions, path: Path | None) -> None:
    """Refuse decisions on what the sources do not differ in. Raises `InputError`."""
    turned = decisions.turned()
    if turned:
        shown = "\n  ".join(turned[:MOST_SHOWN])
        raise InputError(
            f"{path}: {counted(len(turned), 'entry', 'entries')} in which the two sources stand "
            "the other way round: first is what the second says here. Name the sources in the "
            f"order in which the file has them, or a new file of decisions\n  {shown}"
        )
    unused = decisions.unused()
    if unused:
        shown = "\n  ".join(unused[:MOST_SHOWN])
        raise InputError(
            f"{path}: {counted(len(unused), 'entry', 'entries')} that the sources do "
            f"not differ in (any more); delete or mend them\n  {shown}"
        )


def stopped(path: Path | None, conflicts: Conflicts) -> int:
    """Tell the conflicts, and write a file to decide them in where one was named; exit code 2."""
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


def check_merged(records: dict[Key, Merged], pack: Pack) -> None:
    """Refuse records that fit their schema singly and not together. Raises `InputError`.

    A required fact may have been decided away.
    """
    decoder = decoder_of(pack)
    for (kind, record_id), found in records.items():
        try:
            decoder.from_values(found.record(kind), kind)
        except RecordError as error:
            problems = "\n".join(f"  {one_line(str(problem))}" for problem in error.problems)
            raise InputError(f"{record_id}: nothing was written\n{problems}") from error


def merged_pieces(output: Path, records: dict[Key, Merged], pack: Pack) -> Iterator[bytes]:
    """The merged records as the file that the suffix of `output` asks for."""
    if output.suffix.lower() == ".json":
        lists: dict[str, list[dict[str, object]]] = {}
        for (kind, _), found in records.items():
            lists.setdefault(pack.kinds[kind].plural, []).append(found.record(kind))
        yield f"{json.dumps(lists, ensure_ascii=False, indent=2)}\n".encode()
        return
    for (kind, _), found in records.items():
        yield f"{json.dumps(found.record(kind), ensure_ascii=False)}\n".encode()
