"""What the sheets of lists and their rows are called."""

from __future__ import annotations

import re

from scr_audit.forms.questions import Path, Question, Questions

_LONGEST = 31  # characters of a sheet's name, by Excel
_RESERVED = {"start", "questions", "words", "form", "history"}


def item_word(question: Question) -> str:
    """What one item of a list is called: the title of its type, or the list's own name."""
    item = question.type.item
    return (item.name if item is not None else "") or question.field.name.replace("_", " ")


def sheet_names(questions: Questions) -> dict[Path, str]:
    """A name for each list's sheet: its own or, where two have that, with its outer list's."""
    lists = [question.path for question in questions.lists]
    short = [_words(path[-1:]) for path in lists]
    names: dict[Path, str] = {}
    for path, own in zip(lists, short, strict=True):
        wanted = own if short.count(own) == 1 else _words(path)
        names[path] = _free(wanted, {name.casefold() for name in names.values()} | _RESERVED)
    return names


def _words(path: Path) -> str:
    return re.sub(r"[^\w ]", " ", " ".join(path).replace("_", " "))


def _free(wanted: str, taken: set[str]) -> str:
    """The name, shortened to what Excel allows, with a number where it is taken."""
    name, number = wanted[:_LONGEST].strip(), 1
    while name.casefold() in taken:
        number += 1
        ending = f" {number}"
        name = wanted[: _LONGEST - len(ending)].strip() + ending
    return name
