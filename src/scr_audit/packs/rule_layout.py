"""The layout of rule files: indentation, the order of a rule's keys, blanks at the end of lines.

Texts, comments, quotation marks, brackets and blank lines stay as they are, and so does what the
file says: a change that would alter it is not made.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from scr_audit.errors import InputError, PackError, Problem, translate_os_errors
from scr_audit.packs.models import RuleModel, authored_files
from scr_audit.packs.pack_files import RULES_FOLDER
from scr_audit.packs.yaml_source import read_yaml

_STEP = 2
_ORDER = {key: rank for rank, key in enumerate(RuleModel.model_fields)}
_RULE = 3  # a rule's keys stand in a group in a list in the group of the file
_LEVEL = "list that stands in the column of the group around it"
_OPENING = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSING = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_DASH = re.compile(r"^-[ \t]+(?!#)")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def rule_files(names: Iterable[Path]) -> list[Path]:
    """The rule files of packs' folders, and files that are named. Raises `InputError`."""
    found = []
    for name in names:
        if name.is_file() and name.suffix == ".yaml":
            found.append(name)
        elif (name / RULES_FOLDER).is_dir():
            found += authored_files(name / RULES_FOLDER)
        else:
            raise InputError(
                f"{name}: expected a pack's folder, with {RULES_FOLDER}/, or a .yaml file"
            )
    return list(dict.fromkeys(found))


def changed_layouts(files: Iterable[Path]) -> dict[Path, bytes]:
    """The files that are not in the usual layout, each with its new content.

    Raises `PackError` with everything that is no YAML, `InputError` for what cannot be read.
    """
    changed, problems = {}, list[Problem]()
    for path in files:
        with translate_os_errors(path):
            data = path.read_bytes()
        try:
            new = formatted(data, str(path)).encode()
        except PackError as error:
            problems += error.problems
            continue
        if new != data:
            changed[path] = new
    if problems:
        raise PackError(problems)
    return changed


def formatted(data: bytes, file: str) -> str:
    """The text of a rule file in its usual layout. Raises `PackError` where it is no YAML."""
    text = data.decode("utf-8-sig", "replace")
    newline = "\r\n" if text.count("\r\n") == text.count("\n") else "\n"
    text = text.replace("\r\n", "\n")
    try:
        value = read_yaml(data, file).value
    except PackError:
        if "\t" not in text or "\ufffd" in text:
            raise
        text = "\n".join(_without_tabs(line) for line in text.splitlines()) + "\n"
        try:
            value = read_yaml(text.encode(), file).value
        except PackError:
            read_yaml(data, file)  # told as the file is
            raise
    if value is None:
        return data.decode()
    for change in (_indented, _ordered):
        changed = change(text)
        if _says(changed, value):
            text = changed
    return text.replace("\n", newline)


def _says(text: str, value: object) -> bool:
    try:
        return bool(read_yaml(text.encode(), "").value == value)
    except PackError:
        return False


def _without_tabs(line: str) -> str:
    rest = line.lstrip(" \t")
    return line[: len(line) - len(rest)].replace("\t", " " * _STEP) + rest


@dataclass
class _Layout:
    """Where the parts of groups and lists start that stand in no brackets.

    `columns` has for each line the column of each part that starts on it, and the column that it
    should have. `texts` are the lines of texts in blocks or quotes but for their first, `rules` the
    keys of each rule with their lines.
    """

    lines: list[str]
    columns: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    texts: set[int] = field(default_factory=set)
    rules: list[list[tuple[str, int]]] = field(default_factory=list)


def _layout(text: str) -> _Layout:
    found = _Layout(text.splitlines())
    within: list[str] = []  # the groups and lists that are open, from the outside in
    brackets, top, key_line = 0, "", -1
    for token in yaml.scan(text, Loader=_Loader):
        line, column = token.start_mark.line, token.start_mark.column
        brackets += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if isinstance(token, yaml.BlockMappingStartToken):
            within.append("group")
        elif isinstance(token, yaml.BlockSequenceStartToken):
            within.append("list")
        elif isinstance(token, yaml.BlockEndToken):
            del within[-2 if within[-1] == _LEVEL else -1 :]
        elif isinstance(token, yaml.ScalarToken):
            last = token.end_mark.line + (token.style in ("'", '"'))
            found.texts.update(range(line + 1, last) if token.style else ())
            if key_line >= 0 and len(within) == 1:
                top = token.value
            elif key_line >= 0 and len(within) == _RULE and top == "rules":
                found.rules[-1].append((token.value, key_line))
            key_line = -1
        elif isinstance(token, yaml.KeyToken | yaml.BlockEntryToken) and not brackets:
            is_key = isinstance(token, yaml.KeyToken)
            if is_key and within[-1] == _LEVEL:
                within.pop()
            elif not is_key and within[-1] == "group":
                within.append(_LEVEL)
            if not is_key and len(within) == _RULE - 1:
                found.rules.append([])
            key_line = line if is_key else -1
            found.columns.setdefault(line, []).append((column, _STEP * (len(within) - 1)))
    return found


def _indented(text: str) -> str:
    """The text with each group and list two columns inside the one around it."""
    layout, shift = _layout(text), 0
    starting = sorted(layout.columns)
    done = []
    for number, line in enumerate(layout.lines):
        columns = layout.columns.get(number)
        if columns is not None:
            line, shift = _placed(line, columns), columns[-1][1] - columns[-1][0]
        elif line.lstrip().startswith("#") and number not in layout.texts:
            below = starting[bisect_left(starting, number) :]
            column, wanted = layout.columns[below[0]][0] if below else (-1, 0)
            line = _shifted(line, wanted - column if _indent(line) == column else shift)
        else:
            line = _shifted(line, shift)
        done.append(line if number in layout.texts else line.rstrip())
    return "\n".join(done).rstrip("\n") + "\n"


def _placed(line: str, columns: list[tuple[int, int]]) -> str:
    """A line on which parts start, each in its column."""
    ends = [column for column, _ in columns[1:]] + [len(line)]
    parts = [line[column:end] for (column, _), end in zip(columns, ends, strict=True)]
    return " " * columns[0][1] + "".join(_DASH.sub("- ", part) for part in parts)


def _shifted(line: str, by: int) -> str:
    return " " * (_indent(line) + by) + line.lstrip(" ") if line.strip() else line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _ordered(text: str) -> str:
    """The text with the keys of each rule in the order of the reference."""
    layout = _layout(text)
    lines = layout.lines
    ends = [n for n in sorted(layout.columns) if layout.columns[n][0][1] < _STEP * (_RULE - 1)]
    for keys in layout.rules:
        ranks = [_rank([name for name, _ in keys[at:]]) for at in range(len(keys))]
        wanted = sorted(range(len(keys)), key=ranks.__getitem__)
        if wanted == sorted(wanted) or len({line for _, line in keys}) < len(keys):
            continue
        end = next((line for line in ends if line > keys[0][1]), len(lines))
        starts = [keys[0][1], *(_with_comments(layout, line) for _, line in keys[1:])]
        starts.append(_with_comments(layout, end))
        dash = lines[starts[0]].index("-")
        lines[starts[0]] = lines[starts[0]].replace("-", " ", 1)
        parts = [lines[first:last] for first, last in pairwise(starts)]
        lines[starts[0] : starts[-1]] = [line for at in wanted for line in parts[at]]
        first = starts[0] + keys[wanted[0]][1] - starts[wanted[0]]
        lines[first] = f"{' ' * dash}-{lines[first][dash + 1 :]}"
    return "\n".join(lines) + "\n"


def _rank(names: list[str]) -> int:
    """The place of a key in a rule; a definition stays before the key that it stands before."""
    if names[0] == "define" and len(names) > 1:
        return _rank(names[1:])
    return _ORDER.get(names[0], len(_ORDER))


def _with_comments(layout: _Layout, line: int) -> int:
    """The first line of what belongs to a key: the comments and blank lines above it.

    A comment that stands further inside belongs to what is above it.
    """
    column = _STEP * (_RULE - 1)
    while line - 1 not in layout.texts and line - 1 not in layout.columns:
        above = layout.lines[line - 1]
        is_comment = above.lstrip().startswith("#") and _indent(above) <= column
        if above.strip() and not is_comment:
            break
        line -= 1
    return line
