"""Imports for tests: the shipped mappings, and texts as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from scr_audit.mappings.conversions import Key
from scr_audit.mappings.importer import Import
from scr_audit.mappings.mapping import ImportMapping
from scr_audit.mappings.mapping_loader import load_mapping, mapping_files
from scr_audit.mappings.tally import Fate, Tally
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack

NATIONAL = Path(__file__).resolve().parents[1] / "data" / "national"
KEY = Key(bytes(32))


@cache
def pack() -> Pack:
    """The shipped pack."""
    return load_pack()


@cache
def mapping(name: str) -> ImportMapping:
    """A shipped mapping."""
    return load_mapping(mapping_files(pack())[name], pack())


@dataclass(frozen=True)
class Imported:
    """What an import gave."""

    records: list[dict[str, Any]]
    tally: Tally

    @property
    def facts(self) -> list[dict[str, Any]]:
        """The records without id and provenance."""
        return [
            {name: fact for name, fact in record.items() if name not in ("id", "provenance")}
            for record in self.records
        ]

    def told(self, fate: Fate) -> list[tuple[str, str, int, str]]:
        """Path, words, number and first place of everything with this fate."""
        return [(path, words, c.number, c.where) for path, words, c in self.tally.of(fate)]


def imported(
    path: Path, name: str = "cin-census", *, key: Key = KEY, today: date | None = None
) -> Imported:
    """A file imported by a shipped mapping."""
    work = Import(path, mapping(name), key, today=today)
    return Imported(list(work.records()), work.tally)


def census_file(folder: Path, details: str, *, identifiers: str = "") -> Path:
    """A census file of one child: `details` stands in its CINdetails."""
    path = folder / "census.xml"
    path.write_text(
        "<Message><Children><Child><ChildIdentifiers><LAchildID>A1</LAchildID>"
        f"{identifiers}</ChildIdentifiers><CINdetails>{details}</CINdetails></Child>"
        "</Children></Message>",
        encoding="utf-8",
    )
    return path
