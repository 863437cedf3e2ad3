"""Everything that a run rests on, and what is needed to repeat it: sections and tables."""

from collections.abc import Mapping
from typing import Any

from scr_audit.report.tables import Bundle, Column, Entry, Row, Section, Table
from scr_audit.report.wording import value_text

_ENDS = (("From", "start"), ("To", "end"))


def basis_sections(bundle: Bundle) -> list[Section]:
    """Rules, plan, engine and input, with their versions and hashes; empty sections left out."""
    sections = [
        Section("Rules", _pack(bundle["pack"])),
        Section("Plan", _plan(bundle["plan"])),
        Section("Program", _program(bundle)),
        Section(
            "Input files (SHA-256)",
            [Entry(file["name"], file["sha256"]) for file in bundle["input"]["files"]],
        ),
        Section("Exceptions", _exceptions(bundle)),
        Section("Earlier run", _earlier(bundle["compared"])),
    ]
    return [section for section in sections if section.entries]


def _pack(pack: Mapping[str, Any]) -> list[Entry]:
    return [
        Entry("Pack", pack["title"]),
        Entry("Id and version", f"{pack['id']} {pack['version']}"),
        *_sha256(pack),
        Entry("Licence", pack["licence"]),
        *(
            Entry(f"Source: {name.replace('_', ' ')}", value_text(value))
            for name, value in pack["source"].items()
        ),
    ]


def _plan(plan: Mapping[str, Any] | None) -> list[Entry]:
    if plan is None:
        return []
    period = plan.get("period")
    days = [Entry(what, period[end], "day") for what, end in _ENDS] if period else []
    return [
        Entry("Title", plan["title"]), Entry("Id", plan["id"]),
        Entry("Question", plan["question"]), *_sha256(plan),
        *days,
    ]  # fmt: skip


def _program(bundle: Bundle) -> list[Entry]:
    return [
        Entry("Engine", f"{bundle['engine']['name']} {bundle['engine']['version']}"),
        Entry("Format", f"{bundle['format']} {bundle['format_version']}"),
    ]


def _exceptions(bundle: Bundle) -> list[Entry]:
    found = bundle.get("exceptions")
    return [Entry(found["file"], found["sha256"])] if found else []


def _earlier(compared: Mapping[str, Any] | None) -> list[Entry]:
    if compared is None:
        return []
    pack = compared["pack"]
    return [
        Entry("As of", compared["as_of"] or "not given", "day"),
        Entry("Pack", f"{pack['id']} {pack['version']}"),
        *_sha256(pack),
    ]


def _sha256(item: Mapping[str, Any]) -> list[Entry]:
    """The hash, which the board edition does not have."""
    return [Entry("SHA-256", item["sha256"])] if "sha256" in item else []


def parameters_table(bundle: Bundle) -> Table:
    """The values in force, each from its day on; an event is judged by the value of its own day."""
    columns = (
        Column("parameter", "Parameter"), Column("title", "Title"), Column("value", "Value"),
        Column("unit", "Unit"), Column("from", "From", "day"), Column("source", "Source"),
        Column("set_by", "Set by"),
    )  # fmt: skip
    rows: list[Row] = [
        (
            parameter["name"], parameter["title"], value_text(entry["value"]),
            parameter["unit"] or "", entry["from"] or "always", parameter["source"] or "",
            "local settings" if parameter["overridden"] else "the pack",
        )
        for parameter in bundle["parameters"]
        for entry in parameter["values"]
    ]  # fmt: skip
    return Table("parameters", "Parameters", columns, rows)


def left_out_table(bundle: Bundle) -> Table:
    """Every record that was not judged, with everything wrong with it."""
    columns = (
        Column("file", "File"), Column("position", "Position"), Column("record", "Record"),
        Column("pointer", "Pointer"), Column("problem", "Problem"),
    )  # fmt: skip
    rows: list[Row] = [
        (item["file"], item["position"], item["record"] or "", problem["pointer"],
         problem["message"])
        for item in bundle["left_out"]
        for problem in item["problems"]
    ]  # fmt: skip
    return Table("left_out", "Left out", columns, rows)
