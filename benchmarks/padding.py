"""A pack padded to a number of case rules: the built-in rules, and made-up ones beside them.

The made-up rules use the record schema's other facts in turn, each with a scope, two to four
criteria over different facts, dates compared, and a quantifier now and then: no two alike,
so that nothing is saved by computing one rule for another.
"""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scr_audit
from scr_audit.language.types import FactType, Field, Kind


def padded_pack(folder: Path, rules: int = 70) -> Any:
    """The built-in pack with `rules` rules for its first record kind, written to `folder`."""
    pack = scr_audit.load_pack()
    shutil.copytree(pack.folder, folder, dirs_exist_ok=True)
    kind = next(iter(pack.kinds.values()))
    have = sum(rule.kind == kind.name for rule in pack.rules)
    paragraph = pack.rules[0].paragraph
    made = itertools.islice(_rules(kind.name, kind.type, paragraph), max(0, rules - have))
    text = json.dumps({"rules": list(made)}, indent=1)
    (folder / "rules" / "99-padding.yaml").write_text(text, encoding="utf-8")
    return scr_audit.load_pack(folder)


def _rules(kind: str, record: FactType, paragraph: str) -> Iterator[dict[str, Any]]:
    lists = [
        (name, field.type.item)
        for name, field in record.fields.items()
        if field.type.kind is Kind.LIST and field.type.item and field.type.item.fields
    ]
    for round_number in itertools.count():
        for name, item in lists:
            criteria = list(_criteria(item))
            if len(criteria) < 2:
                continue
            chosen = [criteria[(round_number * 2 + k) % len(criteria)] for k in range(4)]
            gate = criteria[(round_number * 2 + 5) % len(criteria)]
            yield {
                "id": f"padding-{name.replace('_', '-')}-{round_number}",
                "title": f"Padding over {name}, number {round_number}",
                "source": {"paragraph": paragraph},
                "record": kind,
                "for_each": f"{name} as item",
                **({} if gate in chosen else {"applies_when": gate}),
                "require": {f"c{k}": line for k, line in enumerate(dict.fromkeys(chosen))},
                "if_none": "not_applicable",
                "severity": "low",
            }


def _criteria(item: FactType) -> Iterator[str]:
    dates = []
    for field in item.fields.values():
        yield from _lines(f"item.{field.name}", field)
        if field.type.kind is Kind.DATE:
            dates.append(field.name)
        for inner in field.type.fields.values() if field.type.kind is Kind.OBJECT else ():
            yield from _lines(f"item.{field.name}.{inner.name}", inner)
    for first, second in itertools.pairwise(dates):
        yield f"item.{second} within 5 working days after item.{first}"
        yield f"item.{first} on or before item.{second}"


def _lines(path: str, field: Field) -> Iterator[str]:
    kind = field.type.kind
    if kind is Kind.BOOLEAN:
        yield path
    elif kind is Kind.CHOICE and len(field.type.choices) > 2:
        yield f"{path} is one of {', '.join(field.type.choices[:2])}"
        yield f"{path} is not {field.type.choices[-1]}"
    elif kind is Kind.INTEGER:
        yield f"{path} at least 2"
    elif kind is Kind.DATE:
        yield f"{path} after 2010-01-01"
    elif kind is Kind.LIST and field.type.item and field.type.item.kind is Kind.CHOICE:
        yield f"{path} includes {field.type.item.choices[0]}"
