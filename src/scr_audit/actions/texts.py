"""The texts of a plan: short, visible, and about posts, never about people."""

from __future__ import annotations

from typing import Any

from scr_audit.anonymity.patterns import IDENTIFIERS
from scr_audit.anonymity.scan import identified
from scr_audit.errors import InputError
from scr_audit.values.imprecise import parse_date
from scr_audit.values.shown import visible

LONGEST = 2_000


def check_text(text: str, where: str) -> str:
    """The text without blanks around it. Raises `InputError`, which never repeats what it holds."""
    found = text.strip()
    if not found:
        raise InputError(f"{where}: is empty; say it in words")
    if len(found) > LONGEST:
        raise InputError(
            f"{where}: has {len(found):,} characters; at most {LONGEST:,} are kept. Say it shorter"
        )
    if visible(found) != found:
        raise InputError(f"{where}: holds characters that nobody can see; write it anew")
    check_anonymous(found, where)
    return found


def check_anonymous(value: Any, where: str) -> None:
    """Refuse a value in which something tells who somebody is. Raises `InputError`."""
    found = identified(value)
    if found:
        kind = IDENTIFIERS[found[0].kind]
        raise InputError(
            f"{where}{found[0].pointer}: holds {kind.name}; {kind.advice}. "
            "A plan is about posts, never about people; nothing was written"
        )


def check_due(text: str, where: str) -> str:
    """A day or a month, as text. Raises `InputError`."""
    try:
        parse_date(text)
    except ValueError as error:
        raise InputError(
            f"{where}: {error}; expected a day such as 2026-12-31, or a month"
        ) from None
    return text
