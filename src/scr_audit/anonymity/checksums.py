"""The check digits and check letters of the United Kingdom's identifiers."""

from __future__ import annotations

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11).

    One digit ten times over is a filler, not a number. Source: NHS Data Dictionary, NHS NUMBER.
    """
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9]))
    return (11 - total % 11) % 11 == int(digits[9])  # a remainder that asks for 10 fits no digit


def is_upn(text: str) -> bool:
    """Whether 13 characters carry the check letter of a unique pupil number (modulus 23).

    A temporary number ends in a letter. Source: Department for Education, UPN guide.
    """
    letter, body = text[:1], text[1:]
    if len(body) != 12 or letter not in _UPN_LETTERS or not body[:11].isdigit():
        return False
    last = int(body[11]) if body[11].isdigit() else _UPN_LETTERS.find(body[11])
    if last < 0:
        return False
    values = [*map(int, body[:11]), last]
    total = sum(value * weight for weight, value in enumerate(values, 2))
    return _UPN_LETTERS[total % 23] == letter
