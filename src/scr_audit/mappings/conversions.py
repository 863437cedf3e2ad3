"""The closed table of conversions: from a value of the source to the value of a fact.

A value that does not fit raises `Unfit`, whose words say what was expected and never what was
found: it may identify somebody.

One is a keyed pseudonym: the same id and the same key give the same word, and no way back.
HMAC-SHA256 (RFC 2104) of the id, cut to 61 bits and written in small letters alone: with capitals
or digits among them, one in some ten thousand looks like a name, a number or a postcode, and the
anonymity gate stops the run. Without the key nobody can try all ids until one fits, as one could
with a plain hash.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from scr_audit.anonymity.fixes import keyed_letters
from scr_audit.errors import InputError, ScrAuditError, translate_os_errors
from scr_audit.language.types import Kind
from scr_audit.records.plausible import MOST_YEARS_AHEAD, doubt
from scr_audit.values.text import normal_text

Scalar = str | bool | int | float

_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2}|T00:00:00)?\Z")
# A district alone is refused: it cannot be told from a postcode that was cut short.
_POSTCODE = re.compile(
    r"(GIR|[A-Z]{1,2}[0-9][0-9A-Z]?) ?[0-9][ABD-HJLNP-UW-Z]{2}\Z", re.ASCII | re.IGNORECASE
)
_NUMBER = re.compile(r"[0-9]{1,9}\Z")
_TRUE = ("true", "TRUE", "1")
_FALSE = ("false", "FALSE", "0")
UNLIKELY = (
    "expected a day such as 2024-03-01; hardly anybody means one in 1900 or before, one that a "
    f"spreadsheet makes of a year, or one more than {MOST_YEARS_AHEAD} years ahead"
)
FLAG = "expected true, false, 1 or 0"


class Unfit(ScrAuditError):  # noqa: N818  # named for what the value is
    """A source value that does not fit its conversion; the words never show the value."""


@dataclass(frozen=True)
class Surroundings:
    """What a conversion may need beside the value: codes, days, the key."""

    codes: Mapping[str, Any] = field(default_factory=dict)
    event: date | None = None
    today: date | None = None
    key: Key | None = None
    prefix: str = ""


@dataclass(frozen=True)
class Conversion:
    """One entry of the table: the kinds of fact it can fill, and what it promises in words."""

    name: str
    fills: tuple[Kind, ...]
    says: str
    convert: Callable[[Scalar, Surroundings], Any]
    needs: tuple[str, ...] = ()
    coarsens: bool = False


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def stated_day(value: Scalar, today: date | None) -> date:
    """The day that a value states. Raises `Unfit`, also for an implausible one."""
    found = _DATE.match(_text(value))
    if found is None:
        raise Unfit("expected a day such as 2024-03-01")
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        raise Unfit("expected a day such as 2024-03-01; there is no such day") from None
    if doubt(day, today):
        raise Unfit(UNLIKELY)
    return day


def as_flag(value: Scalar) -> bool:
    """The flag that a value states. Raises `Unfit`."""
    text = _text(value)
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise Unfit(FLAG)


def _day(value: Scalar, around: Surroundings) -> str:
    return stated_day(value, around.today).isoformat()


def _month(value: Scalar, around: Surroundings) -> str:
    return _day(value, around)[:7]


def _flag(value: Scalar, _: Surroundings) -> bool:
    return as_flag(value)


def _opposite(value: Scalar, _: Surroundings) -> bool:
    return not as_flag(value)


def _number(value: Scalar, _: Surroundings) -> int:
    text = _text(value)
    if not _NUMBER.match(text):
        raise Unfit("expected a whole number")
    return int(text)


def _code(value: Scalar, around: Surroundings) -> Any:
    try:
        return around.codes[_text(value)]
    except KeyError:
        raise Unfit("not one of the codes that the mapping knows") from None


def _district(value: Scalar, _: Surroundings) -> str:
    found = _POSTCODE.match(_text(value))
    if found is None:
        raise Unfit("expected a whole postcode")
    return found[1].upper()


def _pseudonym(value: Scalar, around: Surroundings) -> str:
    assert around.key is not None
    return around.key.pseudonym(normal_text(_text(value)), prefix=around.prefix)


def _days_lived(value: Scalar, around: Surroundings) -> tuple[date, date]:
    born = stated_day(value, around.today)
    if around.event is None:
        raise Unfit("the source does not say for certain on what day the event was")
    if around.event < born:
        raise Unfit("the birth is after the event: no age")
    return born, around.event


def _years(value: Scalar, around: Surroundings) -> int:
    born, event = _days_lived(value, around)
    before_birthday = (event.month, event.day) < (born.month, born.day)
    return event.year - born.year - before_birthday


def _weeks(value: Scalar, around: Surroundings) -> int:
    born, event = _days_lived(value, around)
    return (event - born).days // 7


_AGES = (Kind.INTEGER, Kind.NUMBER, Kind.OPEN)
CONVERSIONS: dict[str, Conversion] = {
    each.name: each
    for each in (
        Conversion("date", (Kind.DATE, Kind.DATETIME), "the day", _day),
        Conversion("month", (Kind.DATE, Kind.OPEN), "the month of a day", _month, coarsens=True),
        Conversion("flag", (Kind.BOOLEAN, Kind.OPEN), "true or 1 as yes", _flag),
        Conversion("opposite flag", (Kind.BOOLEAN,), "true or 1 as no", _opposite),
        Conversion("number", (Kind.INTEGER, Kind.NUMBER, Kind.OPEN), "a whole number", _number),
        Conversion(
            "code", (Kind.CHOICE, Kind.BOOLEAN), "a word, by the table of codes", _code, ("codes",)
        ),
        Conversion(
            "list of codes", (Kind.LIST,), "all such elements as one list of words", _code,
            ("codes",),
        ),
        Conversion(
            "postcode district", (Kind.TEXT, Kind.OPEN), "the first half of a postcode", _district,
            coarsens=True,
        ),
        Conversion(
            "pseudonym", (Kind.TEXT,), "a keyed pseudonym", _pseudonym, ("prefix",), coarsens=True
        ),
        Conversion(
            "age in years", _AGES, "the age on the day of an event", _years, ("at",), coarsens=True
        ),
        Conversion(
            "age in weeks", _AGES, "the age on the day of an event", _weeks, ("at",), coarsens=True
        ),
    )
}  # fmt: skip
LIST_OF_CODES = CONVERSIONS["list of codes"]


LENGTH = 13
_HEX = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Key:
    """A secret of 32 bytes, which its `repr` does not show."""

    secret: bytes = field(repr=False)

    def __bytes__(self) -> bytes:
        """As its file has it, which is how records are made anonymous with it."""
        return self.secret.hex().encode()

    def pseudonym(self, value: str, *, prefix: str) -> str:
        """The pseudonym of an id: the prefix, a hyphen and thirteen small letters."""
        data = f"{prefix}\0{value}".encode()
        return f"{prefix}-{keyed_letters(self.secret, data, LENGTH)}"


def random_key() -> Key:
    """A new key from the system's source of secrets."""
    return Key(secrets.token_bytes(32))


def read_key(path: Path) -> Key:
    """The key in a file. Raises `InputError`."""
    with translate_os_errors(path), path.open("rb") as stream:
        text = stream.read(1000).decode("ascii", "replace").strip()
    if not _HEX.match(text):
        raise InputError(
            f"{path}: is no key; expected 64 digits 0-9 and a-f. Name the file of a key that was "
            "made before, or have a new one made"
        )
    return Key(bytes.fromhex(text))


def others_may_read(path: Path) -> bool:
    """Whether the file's permissions let others than its owner read it."""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def write_new_key(path: Path, key: Key) -> None:
    """Write a key to a new file that only its owner may read. Raises `InputError`."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(f"{key.secret.hex()}\n")
    except OSError as error:
        raise InputError(f"{path}: the key cannot be written: {error.strerror}") from error
