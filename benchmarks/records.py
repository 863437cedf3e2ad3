"""Case records to measure with: wholly invented, seeded, of a chosen size.

The shape comes from the record schema of the pack, so that the records stay valid when it changes;
what is likely comes from the tables below. Dates are whole days, but those of births are months:
the anonymity gate stops a whole one. Nothing in a record stands for a real family: every text is
put together from the phrases below.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

Schema = dict[str, Any]

SCHEMA = Path(__file__).parents[1] / "rules" / "baby-f-2010" / "records.yaml"
KIND = "case"

SIZE = 5000
"""Bytes of compact JSON of a record, on average."""
SIZE_SPREAD = 0.15
"""Standard deviation of the size of a record, as a share of it."""

FIRST_EVENT, LAST_EVENT = date(2009, 1, 5), date(2010, 11, 30)

MISSING = 0.10
"""How often a fact is not recorded."""
MISSING_AS_NULL = 0.3
"""How often one that is not recorded is there as null, and not left out."""
LIST_MISSING = 0.03
"""How often a whole list of a case is not recorded."""
NO_ITEMS = 0.9
"""How often a list of a case that has no items is there as [], and not left out."""

# How many items a list of the case has at least; then how often the next item goes to it.
AT_LEAST = {"people": 2, "incidents": 1, "conferences": 1, "plans": 1, "visits": 2}
NEXT_ITEM = {
    "people": 1,
    "pregnancies": 1,
    "incidents": 5,
    "referrals": 4,
    "assessments": 2,
    "section_47_enquiries": 6,
    "marac_discussions": 1,
    "conferences": 3,
    "plans": 0.5,
    "visits": 8,
    "injuries": 3,
    "parent_injuries": 1,
    "significant_changes": 1,
    "missed_appointments": 4,
    "hospital_attendances": 2,
    "health_visitor_contacts": 3,
    "record_audits": 1,
    "authorised_documents": 3,
    "disclosures": 1,
    "camhs_referrals": 0.3,
    "safety_plans": 0.3,
    "inductions": 0.5,
    "process_concerns": 1,
}

# Lengths of the lists inside items, each as likely as it stands here.
LENGTHS = {
    "actions": [1, 2, 2, 3],
    "professionals": [1, 2, 2, 3],
    "adults": [1, 2, 2, 3],
    "antenatal_assessments": [0, 1],
    "midwifery_contacts": [1, 2, 3],
    "bail_periods": [0, 0, 1],
    "core_groups": [0, 0, 1],
    "changes": [0, 0, 0, 1],
}
OTHER_LENGTHS = [0, 1, 1, 2]

# How often a fact that bears on some items only is there at all; the others always are, unless
# missing.
PRESENT = {
    "history": 0.4,
    "bail_periods": 0.4,
    "bail": 0.6,
    "ongoing": 0.1,
    "support_package": 0.15,
    "youth_offending": 0.1,
    "probation": 0.1,
    "probation_handover": 0.05,
    "teenage_pathway": 0.2,
    "social_risk_assessment": 0.5,
    "police_response": 0.3,
    "police_form": 0.4,
    "marac_referral_made": 0.4,
    "marac_referred_by": 0.2,
    "marac_referred_on": 0.2,
    "child_medically_examined": 0.3,
    "reason_not_held_recorded": 0.3,
    "explanation": 0.6,
    "category_fits": 0.3,
    "report": 0.3,
    "minutes": 0.2,
    "visiting": 0.6,
    "note": 0.1,
    "extra": 0.0,
}

# How often a yes/no fact is yes.
YES = {
    "unplanned": 0.3,
    "breached": 0.3,
    "fatal": 0.02,
    "declined": 0.2,
    "back_dated": 0.1,
    "statement_withdrawn": 0.4,
    "owner_named": 0.85,
    "held": 0.65,
    "pre_mobile": 0.8,
    "pregnant": 0.3,
    "no_contact_expected": 0.2,
}
OTHER_YES = 0.7

# Words more likely than the others of their list: how many times over.
OFTEN = {
    "domestic_abuse": 6,
    "initial_conference": 2,
    "general_practice": 15,
    "childrens_social_care": 15,
    "health_visiting": 12,
    "police": 12,
    "midwifery": 6,
    "father": 6,
    "mother": 6,
    "mothers_partner": 4,
}

# Days from the day of an item to another day in it; a date before it for `previous_on`.
LAG_DAYS = [0, 0, 0, 1, 1, 2, 3, 4, 6, 9, 14, 20]
LONG_LAG_DAYS = {
    "end": [60, 90, 180],
    "due_on": [14, 28, 56],
    "conference_date": [9, 13, 15, 20, 24],
}
BACK_DAYS = {"previous_on": [28, 60, 95], "born_on_month": [-200, -150]}
LAG_MINUTES = [0, 20, 90, 400, 1500, 2800, 3000, 6000]

NUMBERS = {
    "age_years": (15, 45),
    "mother_age_years": (15, 40),
    "child_age_weeks": (0, 40),
    "siblings": (0, 4),
}
OTHER_NUMBERS = (0, 12)

PHRASES = {
    "task": [
        "Weekly home visit, every other one without notice",
        "Weight to be checked at the clinic each fortnight",
        "Mother to be offered a place on the support programme",
        "Written agreement on contact to be drawn up and explained",
    ],
    "account": ["Rolled off the settee", "Caught by a toy", "Not known how it came about"],
    "concern": [
        "Argument overheard at a visit",
        "Mark seen and not explained",
        "Not seen for weeks",
    ],
    "site": ["left cheek", "upper arm", "lower back", "forehead"],
    "what": ["Visits cut to one a fortnight", "Core group put off by three weeks"],
    "offence": ["common assault", "criminal damage"],
    "visiting_frequency": ["weekly", "twice weekly", "fortnightly"],
    "agreed_frequency": ["weekly", "twice weekly", "fortnightly"],
    "by_role": ["audit lead", "independent reviewing officer", "team manager"],
    "authorised_by_role": ["team manager", "assistant team manager"],
    "role": ["general practitioner", "health visitor", "social worker", "police officer"],
    "note": ["Seen in the paper file", "Agreed by a second auditor"],
    "step": ["First contact", "Dating scan", "Home visit", "Parenting class"],
}
OTHER_PHRASES = ["As written in the file", "Taken from the chronology"]


def generate(count: int, seed: int, size: int = SIZE) -> Iterator[dict[str, Any]]:
    """Give `count` case records of about `size` bytes each; the same for the same arguments.

    A `size` under about 3,500 bytes cannot be kept to: the least that a case holds is larger.
    """
    random = Random(seed)
    for number in range(1, count + 1):
        yield _Case(random).record(f"C{number:06}", max(1, random.gauss(size, size * SIZE_SPREAD)))


def write_ndjson(path: str | Path, count: int, seed: int) -> None:
    """Write `count` records to a file, one a line."""
    with Path(path).open("wb") as file:
        file.writelines(line + b"\n" for line in ndjson(count, seed))


def ndjson(count: int, seed: int) -> Iterator[bytes]:
    """Give `count` records as compact JSON, without ends of lines."""
    return (json.dumps(record, separators=(",", ":")).encode() for record in generate(count, seed))


@cache
def schema() -> Schema:
    """Read the record schema of the pack."""
    loaded: Schema = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    return loaded


class _Case:
    """One case in the making: its random source and the days and people it has so far."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.people: list[str] = []

    def record(self, record_id: str, size: float) -> dict[str, Any]:
        """Make the record: single facts first, then items until the size is reached."""
        properties: Schema = schema()["$defs"][KIND]["properties"]
        lists = {name: part["items"] for name, part in properties.items() if "items" in part}
        single = {name: part for name, part in properties.items() if name not in lists}
        record = {**self._fields(single, FIRST_EVENT), "id": record_id}
        record |= self._lists(lists, size - _bytes(record))
        return {name: record[name] for name in properties if name in record}

    def _lists(self, lists: Schema, room: float) -> dict[str, Any]:
        """Fill the lists of the case: the least of each, and then what there is room for."""
        found: dict[str, list[Any]] = {name: [] for name in lists}
        room -= sum(len(name) + 5 for name in lists) * NO_ITEMS
        for name in [name for name, least in AT_LEAST.items() for _ in range(least)]:
            room -= self._add(found, lists, name)
        names = [name for name in NEXT_ITEM if name in lists]
        weights = [NEXT_ITEM[name] for name in names]
        # Half an item too many and half an item too few are as likely: the mean stays true.
        while room > self.random.uniform(0, 250):
            room -= self._add(found, lists, self.random.choices(names, weights)[0])
        return {name: items for name, items in found.items() if self._kept(items)}

    def _kept(self, items: list[Any]) -> bool:
        return self.random.random() >= (LIST_MISSING if items else 1 - NO_ITEMS)

    def _add(self, found: dict[str, list[Any]], lists: Schema, name: str) -> int:
        """Add an item to a list of the case, in the order of the days; give its size in bytes."""
        days = (LAST_EVENT - FIRST_EVENT).days
        item = self._value(name, lists[name], FIRST_EVENT + timedelta(self.random.randrange(days)))
        if name == "people":
            self.people.append(f"P{len(self.people) + 1}")
            item["id"] = self.people[-1]
        found[name].append(item)
        found[name].sort(key=_first_day)
        return _bytes(item) + 1

    def _fields(self, properties: Schema, day: date) -> dict[str, Any]:
        """Make the fields of an object around a day, leaving out what is not recorded."""
        made = {}
        for name, part in properties.items():
            if self.random.random() >= PRESENT.get(name, 1):
                continue
            if self.random.random() >= MISSING:
                made[name] = self._value(name, part, day)
            elif self.random.random() < MISSING_AS_NULL:
                made[name] = None
        return made

    def _value(self, name: str, part: Schema, day: date) -> Any:
        """Make the value of a field by its part of the schema."""
        part = _resolved(part)
        if "enum" in part:
            return self._word(part["enum"])
        kind: str = part["format"] if "format" in part else part["type"]
        return self._makers[kind](self, name, part, day)

    def _word(self, words: list[str]) -> str:
        return self.random.choices(words, [OFTEN.get(word, 1) for word in words])[0]

    def _object(self, name: str, part: Schema, day: date) -> dict[str, Any]:
        made = self._fields(part.get("properties", {}), day)
        for required in part.get("required", []):
            if made.get(required) is None:
                made[required] = self._value(required, part["properties"][required], day)
        return made

    def _array(self, name: str, part: Schema, day: date) -> list[Any]:
        length = self.random.choice(LENGTHS.get(name, OTHER_LENGTHS))
        items = [self._value(name, part["items"], day) for _ in range(length)]
        # Words are not repeated in a list of words.
        return list(dict.fromkeys(items)) if items and isinstance(items[0], str) else items

    def _date(self, name: str, part: Schema, day: date) -> str:
        if name in ("date", "start"):
            return day.isoformat()
        if name in BACK_DAYS:
            before = (day - timedelta(self.random.choice(BACK_DAYS[name]))).isoformat()
            return before[: len("2009-08")] if name.endswith("_on_month") else before
        lag = self.random.choice(LONG_LAG_DAYS.get(name, LAG_DAYS))
        return (day + timedelta(lag)).isoformat()

    def _date_time(self, name: str, part: Schema, day: date) -> str:
        # What is written comes after what is said, which is in the morning.
        minutes = 600 + (self.random.choice(LAG_MINUTES) if name.startswith("written") else 0)
        days, minute = divmod(minutes, 24 * 60)
        moment = f"T{minute // 60:02}:{minute % 60:02}"
        return (day + timedelta(days)).isoformat() + moment

    def _boolean(self, name: str, part: Schema, day: date) -> bool:
        return self.random.random() < YES.get(name, OTHER_YES)

    def _integer(self, name: str, part: Schema, day: date) -> int:
        return self.random.randint(*NUMBERS.get(name, OTHER_NUMBERS))

    def _string(self, name: str, part: Schema, day: date) -> str:
        if name == "person":
            return self.random.choice(self.people or ["P1"])
        return self.random.choice(PHRASES.get(name, OTHER_PHRASES))

    _makers: dict[str, Callable[..., Any]] = {  # noqa: RUF012 - never changed
        "object": _object,
        "array": _array,
        "date": _date,
        "date-time": _date_time,
        "boolean": _boolean,
        "integer": _integer,
        "number": _integer,
        "string": _string,
    }


def _resolved(part: Schema) -> Schema:
    if "$ref" not in part:
        return part
    found: Schema = schema()["$defs"][part["$ref"].rpartition("/")[2]]
    return found


def _bytes(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":")))


def _first_day(item: dict[str, Any]) -> str:
    """Give the first date in an item, to sort by; items without one come first."""
    dates = (item.get(name) for name in ("date", "start", "made_at", "completed_on", "booked_on"))
    return next((found for found in dates if found), "")
