"""The case files of an invented office: families whose conferences spread over a year and a half.

Nobody and nothing in them is real. A file says what was done; how often the office does what the
review asks for is in `PRACTICE`, quarter by quarter, so that there is something to be found.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

Record = dict[str, Any]

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
FIRST_DAY, LAST_DAY = date(2024, 7, 1), date(2025, 12, 19)  # of initial conferences
FAMILIES = 100

# How often the office does what is asked, in each quarter. What is not named is done nine times
# in ten.
OTHERWISE = 0.9
PRACTICE: Mapping[str, tuple[float, float, float, float]] = {
    "gps_invited": (0.55, 0.70, 0.97, 1.00),
    "action_good": (0.60, 0.55, 0.50, 0.45),
    "bail_questioned": (0.40, 0.70, 0.90, 0.95),
    "minutes_prompt": (0.95, 0.95, 0.95, 0.95),
    "minutes_receipt": (0.50, 0.55, 0.60, 0.60),
    "review_in_time": (0.90, 0.92, 0.95, 0.97),
}
SILENT = 0.02  # how often a file does not say
ENDED = 0.5  # how often a review after the first one ends the plan
TASKS = (
    "Home visits, every other one without notice",
    "Weight at the clinic each fortnight",
    "A place on the programme for parents",
    "A written agreement on contact",
)
ROLE = "case chair"


def quarter_of(day: date) -> str:
    """The quarter of the calendar year, such as 2025Q3."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def last_day(quarter: str) -> date:
    """The last day of a quarter."""
    month = 3 * int(quarter[-1])
    first_after = date(int(quarter[:4]) + month // 12, month % 12 + 1, 1)
    return first_after - timedelta(days=1)


def families(seed: int) -> Iterator[Record]:
    """The whole file of every family, as it will be known at the end of the year."""
    for number in range(1, FAMILIES + 1):
        yield _Family(random.Random(f"{seed} {number}"), f"F{number:03}").record()  # noqa: S311


def as_known_on(record: Record, day: date) -> Record | None:
    """The file without what happened after a day; None where no conference had been held."""
    conferences = [one for one in record["conferences"] if one["date"] <= day.isoformat()]
    if not conferences:
        return None
    plans = [_running(plan, day) for plan in record["plans"]]
    return {
        **record,
        "audited_period": {"start": FIRST_DAY.isoformat(), "end": day.isoformat()},
        "conferences": conferences,
        "plans": plans,
    }


def held_by_the_office(record: Record) -> Record:
    """What the office's own database has of a file: dates, decisions, and the text of plans."""
    return {
        "id": record["id"],
        "audited_period": record["audited_period"],
        "people": [_only(one, "relationship", "is_parent_or_carer") for one in record["people"]],
        "conferences": [_only(one, "type", "date", "decision") for one in record["conferences"]],
        "plans": [
            {
                "period": plan["period"],
                "actions": [_only(action, "task", "agency") for action in plan["actions"]],
            }
            for plan in record["plans"]
        ],
    }


def _only(item: Record, *names: str) -> Record:
    return {name: item[name] for name in names if name in item}


def _running(plan: Record, day: date) -> Record:
    end = plan["period"].get("end")
    if end is not None and end > day.isoformat():
        return {**plan, "period": {"start": plan["period"]["start"], "ongoing": True}}
    return plan


class _Family:
    """One family in the making."""

    def __init__(self, chance: random.Random, name: str) -> None:
        self.chance = chance
        self.name = name
        self.partner = chance.random() < 0.2
        self.bail = chance.random() < 0.6

    def record(self) -> Record:
        days, ended = self._days()
        return {
            "id": self.name,
            "audited_period": {},
            "people": self._people(),
            "conferences": [
                self._conference(day, place, last=ended and place == len(days) - 1)
                for place, day in enumerate(days)
            ],
            "plans": [self._plan(days, ended=ended)],
        }

    def _days(self) -> tuple[list[date], bool]:
        """The days of the conferences, and whether the last of them ended the plan.

        A review follows by three months, then one every six, until the plan ends or the year.
        """
        start = self._working(FIRST_DAY + timedelta(self._between(0, (LAST_DAY - FIRST_DAY).days)))
        first = self._working(start + self._wait(start, 75, 88))
        days, ended = [start, first], False
        while days[-1] <= LAST_DAY and not ended:
            days.append(self._working(days[-1] + self._wait(days[-1], 150, 178)))
            ended = self.chance.random() < ENDED
        return days, ended

    def _wait(self, since: date, least: int, most: int) -> timedelta:
        days = self._between(least, most)
        late = not self._does("review_in_time", since + timedelta(most))
        return timedelta(days + (self._between(20, 45) if late else 0))

    def _people(self) -> list[Record]:
        people: list[Record] = [
            {"id": "P1", "relationship": "mother", "is_parent_or_carer": True},
            {"id": "P2", "relationship": "father", "is_parent_or_carer": True},
        ]
        if self.partner:
            partner = {"relationship": "mothers_partner", "is_parent_or_carer": True}
            people.append({"id": "P3", **partner})
        return people

    def _conference(self, day: date, place: int, *, last: bool) -> Record:
        abuse = self.chance.random() < 0.5
        conference = {
            "type": "review" if place else "initial",
            "date": day.isoformat(),
            "decision": "plan_ended" if last else "plan_continued" if place else "plan_made",
            "domestic_abuse_is_a_risk": abuse,
            **self._said("category_guidance_available", "category_guidance", day),
            **self._said("category_reasons_recorded", "category_reasons", day),
            "on_bail": self.bail and not place,
            "professionals": self._professionals(day),
        }
        if conference["on_bail"]:
            questioned = self._does("bail_questioned", day)
            conference["bail"] = {
                "conditions_recorded": True,
                **self._said("purpose_clarified", "bail_explained", day),
                "scrutinised_by_members": questioned,
                "scrutinised_by_chair": questioned,
                **self._said("reflected_in_plan", "bail_in_plan", day),
            }
        return conference

    def _professionals(self, day: date) -> list[Record]:
        invited = self._does("gps_invited", day)
        asked = [("police", "family"), ("health_visiting", "child"), ("general_practice", "mother")]
        asked += [("general_practice", "father")]
        asked += [("general_practice", "mothers_partner")] if self.partner else []
        asked += [("community_paediatrics", "child")] if self.chance.random() < 0.2 else []
        found = []
        for agency, about in asked:
            gp = agency == "general_practice"
            asked_for = invited if gp else self._does("invited", day)
            one = {"agency": agency, "about": about, "identified": True, "invited": asked_for}
            if asked_for:
                one |= self._said("attended", "attended", day)
                one["report"] = {"given": True, **self._said("risk_evaluated", "evaluated", day)}
            if gp:
                one["minutes"] = self._minutes(day)
            found.append(one)
        return found

    def _minutes(self, day: date) -> Record:
        prompt = self._does("minutes_prompt", day)
        sent = day + timedelta(self._between(9, 24) if prompt else self._between(32, 50))
        return {
            "sent": True,
            "sent_on": sent.isoformat(),
            "electronic": True,
            "secure": True,
            **self._said("receipt_held", "minutes_receipt", day),
        }

    def _plan(self, days: list[date], *, ended: bool) -> Record:
        start = days[0]
        period = {"start": start.isoformat()}
        period |= {"end": days[-1].isoformat()} if ended else {"ongoing": True}
        return {
            "period": period,
            "category_fits": self._judged(start, OTHERWISE),
            **self._said("category_reasons_stated", "reasons_stated", start),
            **self._said("unplanned_visits_required", "unplanned", start),
            "review_date_set": True,
            **self._said("kept_to", "kept_to", start),
            "actions": [self._action(task, start) for task in TASKS[: self._between(2, 4)]],
            "changes": [],
        }

    def _action(self, task: str, start: date) -> Record:
        good = self._does("action_good", start)
        return {
            "task": task,
            "agency": "childrens_social_care",
            "specific": self._judged(start, 1.0),
            "outcome_stated": good,
            "measure_stated": good or self.chance.random() < 0.3,
            "achievable": self._judged(start, 1.0),
            "realistic": self._judged(start, 1.0),
            "owner_named": True,
            "due_date_stated": good or self.chance.random() < 0.5,
        }

    def _judged(self, day: date, share: float) -> Record:
        value = self.chance.random() < share
        return {"value": value, "by_role": ROLE, "on": day.isoformat()}

    def _said(self, fact: str, practice: str, day: date) -> Record:
        """Whether something was done; nothing where the file does not say."""
        done = self._does(practice, day)
        return {} if self.chance.random() < SILENT else {fact: done}

    def _does(self, practice: str, day: date) -> bool:
        shares = PRACTICE.get(practice, (OTHERWISE,) * 4)
        quarter = quarter_of(day)
        place = QUARTERS.index(quarter) if quarter in QUARTERS else 0
        share = shares[-1] if quarter > QUARTERS[-1] else shares[place]
        return self.chance.random() < share

    def _between(self, least: int, most: int) -> int:
        return self.chance.randint(least, most)

    @staticmethod
    def _working(day: date) -> date:
        return day + timedelta({5: 2, 6: 1}.get(day.weekday(), 0))
