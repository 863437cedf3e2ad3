"""Every filling of a board document's masked cells, counted out one by one.

It knows how a document is made: counts of rules are chosen, and everything else is their sum. It
shares no code with the attacker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

OUTCOMES = ("met", "not_met", "not_evidenced", "not_applicable", "excepted", "error")
Values = dict[str, int]
Name = str


def spans(document: Mapping[str, Any], most: int) -> dict[Name, tuple[int, int]]:
    """The smallest and largest value of each masked cell; masked counts of rules go to `most`."""
    found: dict[Name, tuple[int, int]] = {}
    masked = [name for name, shown in printed(document).items() if shown is None]
    for filling in fillings(document, most):
        for name in masked:
            low, high = found.get(name, (filling[name], filling[name]))
            found[name] = min(low, filling[name]), max(high, filling[name])
    return found


def printed(document: Mapping[str, Any]) -> dict[Name, int | None]:
    """Every count that the document prints, by a name; None: masked."""
    found: dict[Name, int | None] = {}
    rows = [("overall:", document["totals"]["units"], document["totals"]["rates"])]
    for level, table in (("agency", "agencies"), ("theme", "themes"),
                         ("recommendation", "recommendations"), ("rule", "rules")):  # fmt: skip
        for item in document[table]:
            name = item.get("id") or item["name"]
            rows.append((f"{level}:{name}", item["totals"], item["rates"]))
    for item in document["groups"]:
        rows.append((f"group:{item['agency']}|{item['theme']}", item["totals"], item["rates"]))
    for name, totals, rates in rows:
        found |= {f"{name}:{what}": count for what, count in totals.items()}
        found[f"{name}:judged"] = rates["judged"]
    for what, count in document["totals"]["records"].items():
        found[f"records::{what}"] = count
    records = document["input"]["records"]
    for what in ("read", "judged", "left_out"):
        found[f"input::{what}"] = records[what]
    for kind, count in records["by_kind"].items():
        found[f"kind:{kind}:records"] = count
    return found


def fillings(document: Mapping[str, Any], most: int) -> Iterator[Values]:
    """Every way to fill the masked cells that is true to the printed ones."""
    shown = printed(document)
    profile = document["disclosure"]["profile"]
    assert profile["rounding_base"] == 1
    choices = range(0 if profile["mask_zero"] else 1, most + 1)
    for kinds in _inputs(document, shown, choices):
        tables = [list(_of_rule(rule, shown, kinds, choices)) for rule in document["rules"]]
        for rules in product(*tables):
            values = {name: count for rule in rules for name, count in rule.items()} | kinds
            _add_sums(document, values)
            if _fits(values, shown, choices.start):
                yield from _with_records(values, shown, choices, document)


def _choices(name: Name, shown: Mapping[Name, int | None], choices: range) -> range | list[int]:
    count = shown[name]
    return choices if count is None else [count]


def _inputs(
    document: Mapping[str, Any], shown: Mapping[Name, int | None], choices: range
) -> Iterator[Values]:
    names = [f"kind:{kind}:records" for kind in document["input"]["records"]["by_kind"]]
    names.append("input::left_out")
    for counts in product(*(_choices(name, shown, choices) for name in names)):
        values = dict(zip(names, counts, strict=True))
        values["input::judged"] = sum(counts[:-1])
        values["input::read"] = sum(counts)
        if _fits(values, shown, choices.start):
            yield values


def _of_rule(
    rule: Mapping[str, Any], shown: Mapping[Name, int | None], kinds: Values, choices: range
) -> Iterator[Values]:
    start = f"rule:{rule['id']}"
    names = [f"{start}:{outcome}" for outcome in OUTCOMES]
    in_all = kinds.get(f"kind:{rule['record']}:records", 0)
    for counts in product(*(_choices(name, shown, choices) for name in names)):
        judged = sum(counts[:3])
        if rule["unit"] == rule["record"] and sum(counts) != in_all:
            continue
        least = judged if rule["unit"] == rule["record"] else min(judged, 1)
        for records in range(least, min(judged, in_all) + 1):
            values = dict(zip(names, counts, strict=True))
            values |= {f"{start}:judged": judged, f"{start}:records": records}
            if _fits(values, shown, choices.start):
                yield values


def _add_sums(document: Mapping[str, Any], values: Values) -> None:
    for what in (*OUTCOMES, "judged"):
        values[f"overall::{what}"] = sum(
            values[f"rule:{r['id']}:{what}"] for r in document["rules"]
        )
        for item in document["recommendations"]:
            total = sum(values[f"rule:{rule}:{what}"] for rule in item["rules"])
            values[f"recommendation:{item['id']}:{what}"] = total
            for name in (f"agency:{item['agency']}", f"theme:{item['theme']}",
                         f"group:{item['agency']}|{item['theme']}"):  # fmt: skip
                values[f"{name}:{what}"] = values.get(f"{name}:{what}", 0) + total


def _with_records(
    values: Values, shown: Mapping[Name, int | None], choices: range, document: Mapping[str, Any]
) -> Iterator[Values]:
    of_rules = [values[f"rule:{rule['id']}:records"] for rule in document["rules"]]
    highest = min(values["input::judged"], sum(of_rules))
    for judged in range(max(of_rules), highest + 1):
        failing = values["overall::not_met"] + values["overall::not_evidenced"]
        highest_met = min(judged, values["overall::met"])
        for all_met in range(max(0, judged - failing), highest_met + 1):
            found = {"records::judged": judged, "records::all_met": all_met}
            if _fits(found, shown, choices.start):
                yield {**values, **found}


def _fits(values: Values, shown: Mapping[Name, int | None], least: int) -> bool:
    for name, value in values.items():
        count = shown[name]
        if value != count and (count is not None or value < least):
            return False
    return True
