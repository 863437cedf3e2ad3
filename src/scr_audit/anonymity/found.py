"""One identifier found in a text: its kind and its span."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """The characters `start` to `end` of a text are an identifier of the kind `kind`."""

    start: int
    end: int
    kind: str
