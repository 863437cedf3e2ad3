"""Invented children of a census: as XML, as API documents, and as the facts they should give.

What is expected is written out by hand here and owes nothing to the mappings. Every identifier
holds the word of `MARK`, so that a test can look for it in whatever comes out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from xml.sax.saxutils import escape

REFERENCE_DATE = "2024-03-31"
FIRST_DAY = date(2023, 4, 3)
SOURCES = {"1A": "other", "2A": "education", "3A": "general_practice", "3E": "acute_hospital",
           "4": "housing_provider", "6": "police", "5D": None, "10": None}  # fmt: skip
FACTORS = {"1B": "alcohol_misuse", "2A": "drug_misuse", "2B": "drug_misuse",
           "3A": "domestic_abuse", "3B": "domestic_abuse", "4C": "mental_health",
           "6A": "disability", "16A": "neglect", "17A": "emotional_abuse", "18C": "physical_abuse",
           "19B": "sexual_abuse", "20": "other", "24A": "other"}  # fmt: skip
CATEGORIES = {"NEG": "neglect", "PHY": "physical_abuse", "SAB": "sexual_abuse",
              "EMO": "emotional_abuse", "MUL": "more_than_one"}  # fmt: skip


@dataclass(frozen=True)
class Assessment:
    """An assessment; `factors` are codes, `None` where the element is left out."""

    start: str
    authorised: str | None = None
    factors: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Enquiry:
    """A section 47 enquiry."""

    start: str
    conference: str | None = None
    conference_needed: bool = True


@dataclass(frozen=True)
class Plan:
    """A child protection plan."""

    start: str
    category: str
    end: str | None = None
    reviews: tuple[str, ...] = ()


@dataclass(frozen=True)
class Episode:
    """A referral and what followed."""

    referral: str
    source: str
    no_further_action: bool
    conference: str | None = None
    assessments: tuple[Assessment, ...] = ()
    enquiries: tuple[Enquiry, ...] = ()
    plans: tuple[Plan, ...] = ()


@dataclass(frozen=True)
class Child:
    """A child with its identifiers."""

    la_id: str
    upn: str
    born: str
    postcode: str
    episodes: tuple[Episode, ...] = field(default=())

    @property
    def identifiers(self) -> tuple[str, ...]:
        """What must never come out of an import."""
        return self.la_id, self.upn, self.born, self.postcode


def invented(random: Random, number: int) -> Child:
    """A child with all its draws from `random`."""
    born = date(2006, 1, 1) + timedelta(days=random.randint(0, 6000))
    return Child(
        f"LAID{number:07}",
        f"Z{random.randint(10**11, 10**12 - 1)}",
        born.isoformat(),
        f"ZZ{number % 90 + 10} {number % 9}QQ",
        tuple(_episode(random) for _ in range(random.randint(1, 2))),
    )


def children(number: int, *, seed: int = 1) -> Iterator[Child]:
    """The same children each time."""
    random = Random(seed)  # noqa: S311  # invented children, the same each time
    return (invented(random, each) for each in range(1, number + 1))


def _day(random: Random, after: int, before: int) -> str:
    return (FIRST_DAY + timedelta(days=random.randint(after, before))).isoformat()


def _episode(random: Random) -> Episode:
    if random.random() < 0.2:
        return Episode(_day(random, 0, 300), random.choice(list(SOURCES)), True)
    return Episode(
        _day(random, 0, 60),
        random.choice(list(SOURCES)),
        False,
        _day(random, 90, 99) if random.random() < 0.2 else None,
        tuple(_assessment(random) for _ in range(random.randint(0, 2))),
        tuple(_enquiry(random) for _ in range(random.randint(0, 2))),
        tuple(_plan(random) for _ in range(random.randint(0, 1))),
    )


def _assessment(random: Random) -> Assessment:
    finished = random.random() < 0.8
    factors: tuple[str, ...] | None = tuple(random.sample(list(FACTORS), random.randint(1, 4)))
    if random.random() < 0.1:
        factors = ("21",)
    return Assessment(
        _day(random, 0, 60),
        _day(random, 61, 150) if finished else None,
        factors if finished else None,
    )


def _enquiry(random: Random) -> Enquiry:
    if random.random() < 0.4:
        return Enquiry(_day(random, 60, 80), None, False)
    return Enquiry(_day(random, 60, 80), _day(random, 81, 99) if random.random() < 0.8 else None)


def _plan(random: Random) -> Plan:
    return Plan(
        _day(random, 90, 100),
        random.choice(list(CATEGORIES)),
        _day(random, 300, 340) if random.random() < 0.5 else None,
        tuple(_day(random, 150 + 60 * n, 200 + 60 * n) for n in range(random.randint(0, 2))),
    )


# --- As a census file ---

HEADER = (
    "<Message>\n<Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>"
    f"<ReferenceDate>{REFERENCE_DATE}</ReferenceDate></CollectionDetails><Source>"
    "<SourceLevel>L</SourceLevel><LEA>999</LEA><SoftwareCode>invented</SoftwareCode>"
    "</Source></Header>\n<Children>\n"
)
FOOTER = "</Children>\n</Message>\n"


def census(them: Iterable[Child]) -> Iterator[str]:
    """A census file in pieces."""
    yield HEADER
    yield from (child_xml(child) for child in them)
    yield FOOTER


def _element(name: str, value: str | None) -> str:
    return "" if value is None else f"<{name}>{escape(value)}</{name}>"


def child_xml(child: Child) -> str:
    """One Child element."""
    return (
        "<Child><ChildIdentifiers>"
        f"{_element('LAchildID', child.la_id)}{_element('UPN', child.upn)}"
        f"{_element('PersonBirthDate', child.born)}<GenderCurrent>0</GenderCurrent>"
        "</ChildIdentifiers><ChildCharacteristics><Ethnicity>NOBT</Ethnicity>"
        f"</ChildCharacteristics>{''.join(map(_episode_xml, child.episodes))}</Child>\n"
    )


def _episode_xml(episode: Episode) -> str:
    return (
        f"<CINdetails>{_element('CINreferralDate', episode.referral)}"
        f"{_element('ReferralSource', episode.source)}"
        f"{_element('DateOfInitialCPC', episode.conference)}"
        f"{''.join(map(_assessment_xml, episode.assessments))}"
        f"{''.join(map(_enquiry_xml, episode.enquiries))}"
        f"{_element('ReferralNFA', '1' if episode.no_further_action else 'false')}"
        f"{''.join(map(_plan_xml, episode.plans))}</CINdetails>\n"
    )


def _assessment_xml(each: Assessment) -> str:
    factors = "".join(_element("AssessmentFactors", code) for code in each.factors or ())
    within = _element("FactorsIdentifiedAtAssessment", "@") if factors else ""
    return (
        f"<Assessments>{_element('AssessmentActualStartDate', each.start)}"
        f"{_element('AssessmentAuthorisationDate', each.authorised)}"
        f"{within.replace('@', factors)}</Assessments>"
    )


def _enquiry_xml(each: Enquiry) -> str:
    return (
        f"<Section47>{_element('S47ActualStartDate', each.start)}"
        f"{_element('DateOfInitialCPC', each.conference)}"
        f"{_element('ICPCnotRequired', 'false' if each.conference_needed else 'TRUE')}</Section47>"
    )


def _plan_xml(each: Plan) -> str:
    reviews = "".join(_element("CPPreviewDate", day) for day in each.reviews)
    return (
        f"<ChildProtectionPlans>{_element('CPPstartDate', each.start)}"
        f"{_element('CPPendDate', each.end)}{_element('InitialCategoryOfAbuse', each.category)}"
        f"{_element('LatestCategoryOfAbuse', each.category)}"
        "<NumberOfPreviousCPP>1</NumberOfPreviousCPP>"
        f"{f'<Reviews>{reviews}</Reviews>' if reviews else ''}</ChildProtectionPlans>"
    )


# --- As documents of the API ---


def document(child: Child) -> dict[str, Any]:
    """The child as the API has it: its lists are there even when they are empty."""
    return {
        "la_child_id": child.la_id,
        "child_details": {
            "unique_pupil_number": child.upn,
            "first_name": "Name-of-nobody",
            "surname": "Name-of-nobody",
            "date_of_birth": child.born,
            "postcode": child.postcode,
        },
        "social_care_episodes": [_episode_json(each) for each in child.episodes],
    }


def _episode_json(episode: Episode) -> dict[str, Any]:
    return {
        "social_care_episode_id": "episode-id-of-nobody",
        "referral_date": episode.referral,
        "referral_source": episode.source,
        "referral_no_further_action_flag": episode.no_further_action,
        "child_and_family_assessments": [_assessment_json(each) for each in episode.assessments],
        "section_47_assessments": [_enquiry_json(each) for each in episode.enquiries],
        "child_protection_plans": [
            _filled(child_protection_plan_id="plan", start_date=each.start, end_date=each.end)
            for each in episode.plans
        ],
    }


def _assessment_json(each: Assessment) -> dict[str, Any]:
    return _filled(
        child_and_family_assessment_id="assessment-id-of-nobody",
        start_date=each.start,
        authorisation_date=each.authorised,
        factors=None if each.factors is None else list(each.factors),
    )


def _enquiry_json(each: Enquiry) -> dict[str, Any]:
    return _filled(
        section_47_assessment_id="enquiry-id-of-nobody",
        start_date=each.start,
        icpc_required_flag=each.conference_needed,
        icpc_date=each.conference,
    )


def _filled(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def documents(them: Iterable[Child]) -> str:
    """An array of documents."""
    return json.dumps([document(child) for child in them])


# --- The facts that should come of it ---


def expected_of_census(child: Child) -> dict[str, Any]:
    """The record without its id and provenance."""
    record = _expected(child)
    if any(not episode.no_further_action for episode in child.episodes):
        record["open_to_social_care"] = True
    record["audited_period"] = {"end": REFERENCE_DATE}
    told = []
    for episode in child.episodes:
        told += [(None, episode.conference)] if episode.conference else []
        told += [("initial", each.conference) for each in episode.enquiries if each.conference]
        told += [("review", day) for plan in episode.plans for day in plan.reviews]
    return record | _conferences(told)


def expected_of_api(child: Child) -> dict[str, Any]:
    """The record without its id and provenance; here a list may say that there were none."""
    record = _expected(child)
    for name in ("section_47_enquiries", "plans"):
        record.setdefault(name, [])
    for plan in record["plans"]:
        del plan["category"]
    told = []
    enquiries = [each for episode in child.episodes for each in episode.enquiries]
    for each, enquiry in zip(enquiries, record["section_47_enquiries"], strict=True):
        enquiry["conference_decision"] = {"made": True, "convene": each.conference_needed}
        if each.conference_needed:
            enquiry["outcome"] = "initial_conference"
        told += [("initial", each.conference)] if each.conference else []
    return record | _conferences(told)


def _conferences(told: Sequence[tuple[str | None, str]]) -> dict[str, Any]:
    """A conference of which two elements tell is one."""
    found: list[dict[str, str]] = []
    for kind, day in told:
        for other in found:
            if other["date"] == day and (kind is None or other.get("type", kind) == kind):
                break
        else:
            other = {"date": day}
            found.append(other)
        if kind is not None:
            other["type"] = kind
    return {"conferences": found} if found else {}


def _expected(child: Child) -> dict[str, Any]:
    first = min(episode.referral for episode in child.episodes)
    record: dict[str, Any] = {
        "referrals": [
            _filled(
                made_at=each.referral,
                by=SOURCES[each.source],
                accepted=not each.no_further_action,
            )
            for each in child.episodes
        ]
    }
    if child.born <= first:
        years = int(first[:4]) - int(child.born[:4]) - (first[5:] < child.born[5:])
        record["extra"] = {"age_years_at_first_referral": years}
    lists: dict[str, list[dict[str, Any]]] = {
        "assessments": [_expected_assessment(x) for e in child.episodes for x in e.assessments],
        "section_47_enquiries": [_expected_enquiry(x) for e in child.episodes for x in e.enquiries],
        "plans": [
            {"period": _filled(start=x.start, end=x.end), "category": CATEGORIES[x.category]}
            for e in child.episodes
            for x in e.plans
        ],
    }
    return record | {name: items for name, items in lists.items() if items}


def _expected_assessment(each: Assessment) -> dict[str, Any]:
    found: dict[str, Any] = {
        "agency": "childrens_social_care",
        "type": "single",
        "start": each.start,
    }
    if each.authorised:
        found |= {"completed_on": each.authorised, "completed": True}
    if each.factors == ("21",):
        found["factors"] = []
    elif each.factors:
        found["factors"] = list(dict.fromkeys(FACTORS[code] for code in each.factors))
    return found


def _expected_enquiry(each: Enquiry) -> dict[str, Any]:
    found: dict[str, Any] = {"start": each.start, "strategy_discussion_date": each.start}
    if each.conference:
        found |= {"conference_date": each.conference, "outcome": "initial_conference"}
    if not each.conference_needed:
        found["conference_decision"] = {"made": True, "convene": False}
    return found
