"""A small pack about an invented bicycle workshop, and ways to change it, for every test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent

import pytest

from scr_audit.errors import PackError
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack

SMALL_PACK = Path(__file__).parent / "data" / "small-pack"
RULE_FILE = "rules/1.yaml"
_HEAD = """\
rules:
  - id: one
    title: One rule
    source: {paragraph: "1.1"}
    record: job
    severity: low
"""


def pack_files() -> dict[str, str]:
    """The text of every file of the small pack, by its path in the folder."""
    return {
        path.relative_to(SMALL_PACK).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(SMALL_PACK.rglob("*.yaml"))
    }


def write_pack(folder: Path, changed: Mapping[str, str]) -> Path:
    """The small pack in `folder`, with the changed files in place of its own.

    Where a rule file is among them, the small pack's rule files are left out.
    """
    own_rules = not any(name.startswith("rules/") for name in changed)
    kept = {
        name: text
        for name, text in pack_files().items()
        if own_rules or not name.startswith("rules/")
    }
    for name, text in {**kept, **changed}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def rule_file(*rules: str) -> str:
    """A rule file with the rules `one`, `two`, ... of the kind job; each text is its own keys."""
    names = ("one", "two", "three", "four")
    head = _HEAD.removeprefix("rules:\n")
    texts = [
        head.replace("one", name) + indent(dedent(rule).strip("\n"), "    ") + "\n"
        for name, rule in zip(names, rules, strict=False)
    ]
    return "rules:\n" + "".join(texts)


def pack_of(folder: Path, *rules: str) -> Pack:
    """The small pack with only these rules."""
    return load_folder(write_pack(folder, {RULE_FILE: rule_file(*rules)}))


def problems_of(folder: Path, changed: Mapping[str, str]) -> str:
    """Everything wrong with the changed pack, as it is printed; places are below the folder."""
    write_pack(folder, changed)
    with pytest.raises(PackError) as caught:
        load_folder(folder)
    return str(caught.value).replace(f"{folder}/", "")


def located(file: str, text: str, at: tuple[int, int], message: str, *, offset: int = 0) -> str:
    """One problem as it is printed: its place in `text`, the line there and a caret below."""
    line, column = at[0], at[1] + offset
    return f"{file}:{line}:{column}: {message}\n    {text.splitlines()[line - 1]}\n    " + (
        " " * (column - 1) + "^"
    )


def condition_problem(folder: Path, condition: str, offset: int, message: str) -> tuple[str, str]:
    """What is found and what is expected where a criterion is `condition`.

    The mistake is at the character `offset` of the condition, which stands on one line.
    """
    text = rule_file(f"require:\n  it: {condition}")
    found = problems_of(folder, {RULE_FILE: text})
    return found, located(RULE_FILE, text, (8, 11), message, offset=offset)
