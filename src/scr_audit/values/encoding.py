"""The bytes of a text file: UTF-8 with or without a byte-order mark, or named for what they are."""

from __future__ import annotations

MARK = b"\xef\xbb\xbf"
_OTHERS = (
    (b"\xff\xfe\0\0", "UTF-32"),  # before UTF-16, whose mark it begins with
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def utf8(data: bytes) -> bytes:
    """The bytes without a byte-order mark. Raises `ValueError` that says what other text it is."""
    for mark, name in _OTHERS:
        if data.startswith(mark):
            raise ValueError(f"is {name} text")
    if b"\0" in data[:4]:
        raise ValueError("is UTF-16 or UTF-32 text")
    return data.removeprefix(MARK)
