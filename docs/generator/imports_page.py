"""docs/imports.md: how to import, and what the shipped mappings make of each element."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import scr_audit
from generator.markdown import table
from scr_audit.mappings.conversions import CONVERSIONS
from scr_audit.mappings.mapping import ElementUse, ImportMapping, Step, Target
from scr_audit.mappings.mapping_loader import load_mapping, mapping_files
from scr_audit.mappings.tally import LEFT_OUT

_NOTE = (
    "<!-- Written by docs/generate.py from docs/generator/imports_introduction.md and the mapping "
    "files: change those, and run it. -->"
)
_INTRODUCTION = Path(__file__).with_name("imports_introduction.md")


def imports_page() -> str:
    """The page, as Markdown."""
    pack = scr_audit.load_pack()
    introduction = _INTRODUCTION.read_text(encoding="utf-8")
    lines = [_NOTE, "", introduction, "### Conversions", "", _conversions(), ""]
    for path in mapping_files(pack).values():
        lines += _mapping(load_mapping(path, pack))
    return "\n".join(lines)


def _conversions() -> str:
    return table(
        ("conversion", "gives", "for", "needs"),
        [
            (
                f"`{each.name}`",
                each.says,
                ", ".join(kind.value for kind in each.fills),
                ", ".join(f"`{name}`" for name in each.needs),
            )
            for each in CONVERSIONS.values()
        ],
    )


def _mapping(mapping: ImportMapping) -> Iterator[str]:
    yield from (f"## {mapping.title}: `{mapping.id}`", "")
    yield f"Version {mapping.version}, for {mapping.source['title']}. {mapping.source['note']}"
    yield ""
    rows = [*_rows(mapping.outside), *_rows(mapping.inside)]
    yield table(("element", "becomes", "why"), rows)
    yield ""


def _rows(step: Step) -> Iterator[tuple[str, str, str]]:
    if step.path and (step.uses or step.left_out or not step.steps):
        yield f"`{step.path}`", _becomes(step), step.why
    for below in step.steps.values():
        yield from _rows(below)


def _becomes(step: Step) -> str:
    if step.left_out is not None:
        return f"*{LEFT_OUT[step.left_out].value}*"
    found = "; ".join(_use(use) for use in step.uses)
    if step.none_of is not None:
        found += f"; an explicit empty list everywhere: `{step.none_of}` is `[]`"
    return found or "*taken back with all beside it, if true*"


def _use(use: ElementUse) -> str:
    parts = []
    if use.item is not None:
        parts.append(f"an item of `{use.item}`")
    if use.target is not None and use.conversion is not None:
        parts.append(f"`{_path(use.target)}` ({use.conversion.name})")
    when = "" if use.only_if is None else f"if {'true' if use.only_if else 'false'}: "
    parts += [f"`{_path(target)}` = {_shown(value)}" for target, value in use.constants]
    parts += [f"neither where there is `{name}` beside it" for name in use.excludes]
    if use.not_before:
        parts.append(f"neither where `{use.not_before}` beside it is later")
    return when + ", ".join(parts)


def _path(target: Target) -> str:
    keys = ".".join(target.keys)
    return f"{target.holder}[].{keys}" if target.holder else keys


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
