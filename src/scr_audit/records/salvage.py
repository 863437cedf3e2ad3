"""The records of a file that one of them keeps from being read as a whole.

A NaN, half a character or deep nesting in one record makes the whole of a JSON file
unreadable. Where its brackets pair up, the records are cut out without being read, so that
the bad one can be reported and the others judged.
"""

from __future__ import annotations

import json
import re

MOST_DEPTH = 100_000

_SIGN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]', re.DOTALL)
_KEY = re.compile(rb'\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*:', re.DOTALL)
_OPENS = b"[{"
_CLOSES = {ord("]"): ord("["), ord("}"): ord("{")}


def cut(data: bytes) -> list[bytes] | dict[str, bytes] | None:
    """The raw items of a JSON list or group; None where brackets do not pair up."""
    pieces = _pieces(data)
    if pieces is None:
        return None
    if data.lstrip().startswith(b"["):
        return pieces if any(piece.strip() for piece in pieces) else []
    group: dict[str, bytes] = {}
    for piece in pieces:
        key = _KEY.match(piece)
        if key is None:
            return None
        try:
            group[str(json.loads(key[1]))] = piece[key.end() :]
        except ValueError:
            return None
    return group


def _pieces(data: bytes) -> list[bytes] | None:
    """What stands between the outermost brackets, divided at their commas."""
    pieces: list[bytes] = []
    open_ = bytearray()
    start = 0
    for found in _SIGN.finditer(data):
        sign = data[found.start()]
        if sign in _OPENS:
            open_.append(sign)
            if len(open_) == 1:
                start = found.end()
            elif len(open_) > MOST_DEPTH:
                return None
        elif sign in _CLOSES:
            if not open_ or open_.pop() != _CLOSES[sign]:
                return None
            if not open_:
                pieces.append(data[start : found.start()])
                return None if data[found.end() :].strip() else pieces
        elif sign == ord(",") and len(open_) == 1:
            pieces.append(data[start : found.start()])
            start = found.end()
    return None
