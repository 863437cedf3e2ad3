"""`scr-audit actions list`, `show`, `check` and `records`: what the plan says."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scr_audit.actions.changes import known_action, verdict_words
from scr_audit.actions.events import Event
from scr_audit.actions.judgement import target_words
from scr_audit.actions.listing import HEADINGS, Chosen, choose, document, row
from scr_audit.actions.record import KIND, action_kind, action_record
from scr_audit.actions.state import Action, ShownBy
from scr_audit.actions.wanted import check_agency
from scr_audit.cli.acting import opened
from scr_audit.cli.exits import OK
from scr_audit.cli.output import Written, check_format, check_writable, write_all
from scr_audit.cli.smart import LACKS, check_document, lack_words, plan_findings
from scr_audit.cli.streams import reader_may_stop, say
from scr_audit.packs.builtin import load_pack
from scr_audit.report.delimited import delimited
from scr_audit.report.literal import literal
from scr_audit.report.tables import Column, Table
from scr_audit.values.shown import visible

LIST_FORMATS = (".csv", ".json", ".md", ".xlsx")


@dataclass(frozen=True)
class ListRequest:
    """What `actions list` asks for."""

    chosen: Chosen
    as_of: date
    as_json: bool
    outputs: tuple[Path, ...]
    pack: str | None
    store: str | None


def actions_in(store: str | None) -> list[Action]:
    """Every action of the store. Raises `InputError`."""
    with opened(store, make=False) as place:
        from scr_audit.store.actions import read_actions

        return list(read_actions(place).values())


def list_command(request: ListRequest) -> int:
    """Print the actions that are asked for, or write them to files; the exit code."""
    for path in request.outputs:
        check_format(path, LIST_FORMATS)
        check_writable(path)
    if request.chosen.agency is not None:
        check_agency(request.chosen.agency, load_pack(request.pack), "--agency")
    every = actions_in(request.store)
    actions = choose(every, request.chosen)
    day = request.as_of.isoformat()
    if request.outputs:
        write_all(Written(path, (_as(path, actions, request),)) for path in request.outputs)
        for path in request.outputs:
            say(f"wrote {path}")
    elif request.as_json:
        _print(_json(actions, day))
    else:
        with reader_may_stop():
            _print_table(actions, day)
    say(f"{len(actions):,} of {len(every):,} actions")
    return OK


def _as(path: Path, actions: Sequence[Action], request: ListRequest) -> bytes:
    day = request.as_of.isoformat()
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        from scr_audit.actions.sheet import plan_workbook

        return plan_workbook(actions, load_pack(request.pack), day)
    if suffix == ".json":
        return f"{_json(actions, day)}\n".encode()
    rows = [list(row(action, day).values()) for action in actions]
    return _csv(rows) if suffix == ".csv" else _markdown(rows)


def _json(actions: Sequence[Action], day: str) -> str:
    return json.dumps([document(action, day) for action in actions], indent=2)


def _print(text: str) -> None:
    with reader_may_stop():
        print(text)  # noqa: T201  # the command's result


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    columns = tuple(Column(name, heading) for name, heading in HEADINGS.items())
    return delimited(Table("actions", "Actions", columns, [tuple(line) for line in rows]))


def _markdown(rows: Sequence[Sequence[str]]) -> bytes:
    lines = [list(HEADINGS.values()), ["---"] * len(HEADINGS)]
    lines += [[literal(cell) for cell in line] for line in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).encode()


def _print_table(actions: Sequence[Action], day: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, heading in HEADINGS.items():
        table.add_column(heading, overflow="fold", no_wrap=name in ("id", "recommendation", "due"))
    for action in actions:
        table.add_row(*(Text(visible(text)) for text in row(action, day).values()))
    Console(file=sys.stdout).print(table)


def show_command(name: str, store: str | None, *, as_of: date, as_json: bool) -> int:
    """Print an action and each of its events; the exit code."""
    day = as_of.isoformat()
    action = known_action(name, {action.id: action for action in actions_in(store)})
    if as_json:
        _print(json.dumps(document(action, day), indent=2))
        return OK
    said = row(action, day)
    parts = [f"{HEADINGS[key]}: {said[key]}" for key in HEADINGS if key != "id" and said[key]]
    evidence = [f"{item.what} (seen by {item.seen_by_role}, {item.on})" for item in action.evidence]
    lines = [action.id, *parts, *(f"Evidence: {item}" for item in evidence), ""]
    lines += [line for event in action.events for line in event_lines(event)]
    _print(visible("\n".join(lines)))
    return OK


def event_lines(event: Event) -> list[str]:
    """An event with its number, time and role, and each thing that it said."""
    return [f"{event.number}. {event.at}, {event.by_role}", *(f"   {s}" for s in _said(event.what))]


def _said(what: Any) -> list[str]:
    lines = [f"{name}: {_value(name, value)}" for name, value in what.get("set", {}).items()]
    lines += [f"{name}: {_value(name, value)}" for name, value in what.get("facts", {}).items()]
    lines += [
        f"evidence: {item['what']} (seen by {item['seen_by_role']}, {item['on']})"
        for item in what.get("evidence", ())
    ]
    if "judged" in what:
        judged = what["judged"]
        when = f"in {judged['shown_by']['period']}"
        lines.append(f"judged: {verdict_words(judged['verdict'])} {when}, {judged['reason']}")
    if "status" in what:
        by = f" by {what['superseded_by']}" if "superseded_by" in what else ""
        lines.append(f"status: {what['status']}{by}")
    lines += [f"{name}: {what[name]}" for name in ("note", "read_from") if name in what]
    return lines


def _value(name: str, value: Any) -> str:
    if value is None:
        return "(taken away)"
    if name == "shown_by":
        asked = ShownBy(**value)
        return f"{asked.rule}, {target_words(asked.target)}, {asked.period}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value)


def check_command(
    names: Sequence[str], store: str | None, *, pack_name: str | None, as_of: date, as_json: bool
) -> int:
    """Judge actions that are open by the pack's rules for a plan, and print; the exit code."""
    pack = load_pack(pack_name)
    action_kind(pack)
    every = {action.id: action for action in actions_in(store)}
    if names:
        actions = [known_action(name, every) for name in names]
    else:
        actions = [action for action in every.values() if action.status != "superseded"]
    if as_json:
        _print(json.dumps(check_document(actions, pack, as_of), indent=2))
        return OK
    sound = 0
    lines: list[str] = []
    for name, found in plan_findings(actions, pack, as_of=as_of).items():
        lacks = [lack_words(rule, f) for rule, f in found if f.outcome in LACKS]
        sound += not lacks
        lines += [name, *(f"  {text}" for text in lacks)] if lacks else []
    _print(visible("\n".join(lines)))
    say(f"{sound:,} of {len(actions):,} actions lack nothing that the rules of the plan ask for")
    return OK


def records_command(output: Path, store: str | None, *, pack_name: str | None) -> int:
    """Write the actions as records, which `run` judges; the exit code."""
    check_format(output, (".json",))
    check_writable(output)
    pack = load_pack(pack_name)
    kind = action_kind(pack)
    records = [action_record(action, kind) for action in actions_in(store)]
    text = json.dumps({pack.kinds[KIND].plural: records}, indent=2)
    write_all([Written(output, (f"{text}\n".encode(),))])
    say(f"wrote {output}: {len(records):,} records")
    return OK
