"""What is wrong in a form, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MOST_SHOWN = 50


@dataclass(frozen=True)
class Fault:
    """One thing wrong: a place such as `conferences!D7` (or a sheet), and a sentence."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class FormError(Exception):
    """A form cannot be read. `faults` holds everything that was found wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def listed_faults(name: str, faults: Sequence[Fault]) -> str:
    """The faults of one file, one a line."""
    shown = [f"  {fault}" for fault in faults[:_MOST_SHOWN]]
    if len(faults) > _MOST_SHOWN:
        shown.append(f"  … and {len(faults) - _MOST_SHOWN:,} more")
    count = "1 thing is" if len(faults) == 1 else f"{len(faults):,} things are"
    return "\n".join([f"{name}: {count} wrong", *shown])
