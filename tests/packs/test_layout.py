"""The layout of rule files: what is changed, and that nothing is lost by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from small_pack import SMALL_PACK

from scr_audit.errors import PackError
from scr_audit.packs.builtin import shipped
from scr_audit.packs.rule_layout import changed_layouts, formatted
from scr_audit.packs.yaml_source import read_yaml

SHIPPED = sorted([*shipped("rules").glob("*/rules/*.yaml"), *SMALL_PACK.glob("rules/*.yaml")])
WRITTEN = """\
# a file

rules:
# of this rule
- title: A rule  \n\
  # why it matters
  severity: low
  require:
      # both
      it: paid   # at once
      other:
      - safe
      -   any: [paid,
                safe]
      # done
  id: one
  source: {paragraph: "1.1"}
  define:
    known: paid
  record: job

  # last of all
  unheard_of: 1
  advice: >
     Pay,
       and ride.  \n\

# of the next
- - id
  - two


"""
LAID_OUT = """\
# a file

rules:
  # of this rule
  - id: one
    title: A rule
    source: {paragraph: "1.1"}
    define:
      known: paid
    record: job
    require:
      # both
      it: paid   # at once
      other:
        - safe
        - any: [paid,
                safe]
      # done
    # why it matters
    severity: low
    advice: >
       Pay,
         and ride.  \n\


    # last of all
    unheard_of: 1
  # of the next
  - - id
    - two
"""


def value_of(text: str) -> object:
    return read_yaml(text.encode(), "").value


def laid_out(text: str) -> str:
    return formatted(text.encode(), "a.yaml")


def wider(line: str) -> str:
    """A line with all of its indentation doubled."""
    lead = re.match(r"(?: |- )*", line)
    assert lead is not None
    return "".join(f"{each} " for each in lead[0]) + line[lead.end() :]


DEFORMED: dict[str, Callable[[str], str]] = {
    "as it is": lambda line: line,
    "wider": wider,
    "lists in the column of their key": lambda line: line.removeprefix("  "),
    "tabs": lambda line: re.sub("^(?:  )+", lambda lead: "\t" * (len(lead[0]) // 2), line),
    "another system": lambda line: f"{line}\r",
}


def test_a_rule_is_laid_out_with_its_comments() -> None:
    assert laid_out(WRITTEN) == LAID_OUT


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_is_laid_out(path: Path) -> None:
    assert changed_layouts([path]) == {}


@pytest.mark.parametrize("how", DEFORMED)
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_file_says_the_same_however_it_was_written_and_twice_is_once(
    path: Path, how: str
) -> None:
    text = path.read_text(encoding="utf-8")
    is_plain = not how.startswith("lists") or text.split("\n", 2)[1] == "rules:"
    deformed = "\n".join(map(DEFORMED[how] if is_plain else str, text.splitlines()))
    once = laid_out(deformed)
    assert value_of(once) == value_of(text)
    assert laid_out(once) == once
    assert sorted(comments(once)) == sorted(comments(text))


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


def test_what_would_alter_the_file_is_left() -> None:
    """An anchor must stay before its use, and an order that breaks that is not made."""
    text = "rules:\n  - severity: &s low\n    id: one\n    advice: *s\n    title: *s\n"
    assert laid_out(text) == text
    kept = "rules:\n  - id: one\n    advice: |+\n      a  \n\n"
    assert value_of(laid_out(kept)) == value_of(kept)


def test_the_ends_of_lines_are_those_of_the_file() -> None:
    text = "rules:\n- title: A\n  id: one\n"
    assert laid_out(text.replace("\n", "\r\n")) == laid_out(text).replace("\n", "\r\n")
    assert laid_out(text.replace("\n", "\r\n", 1)) == laid_out(text)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_a_file_that_says_nothing_is_left(text: str) -> None:
    assert laid_out(text) == text


def test_a_tab_that_cannot_be_mended_is_told_as_the_file_has_it() -> None:
    with pytest.raises(PackError) as caught:
        laid_out("rules:\n  - id: x\n\ttitle: y\n")
    assert str(caught.value) == (
        "a.yaml:3:1: not readable as YAML: found a tab character that violates indentation. "
        "Indent with spaces and not with tabs\n    \ttitle: y\n    ^"
    )


def test_what_is_no_yaml_is_told_for_all_files(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml")]
    for path, text in zip(files, (b"a: [", b"rules: 3\n", b"\xff"), strict=True):
        path.write_bytes(text)
    with pytest.raises(PackError) as caught:
        changed_layouts(files)
    assert [Path(each.place.file).name for each in caught.value.problems] == ["a.yaml", "c.yaml"]
