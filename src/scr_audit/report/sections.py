"""What an audit plan made of a run: the words that reports repeat, and the parts they have."""

from __future__ import annotations

from collections.abc import Mapping

from scr_audit.documents.editions import Bundle, is_board
from scr_audit.documents.parts import PeriodInfo, PlanWords
from scr_audit.plans.report_sections import SECTIONS, Format, parts_of
from scr_audit.report.wording import all_listed
from scr_audit.values.text import counted, shortened


def sections_of(bundle: Bundle) -> list[str] | None:
    """The sections that the plan of a run names, in its order; None where it names none."""
    plan = bundle["plan"]
    return None if plan is None else plan.get("sections")


def plan_period(bundle: Bundle) -> PeriodInfo | None:
    """The days that the plan of a run looks at; None where it looks at all that records hold."""
    plan = bundle["plan"]
    return None if plan is None else plan.get("period")


def wanted_sections(bundle: Bundle) -> list[str]:
    """The sections that reports are to have, in order: all where the plan names none."""
    found = sections_of(bundle)
    return list(SECTIONS) if found is None else list(found)


def wanted_parts(bundle: Bundle, name: Format) -> list[str]:
    """The parts of a report in a format between its head and what it rests on, in order."""
    return parts_of(sections_of(bundle), name)


def has_section(bundle: Bundle, name: str) -> bool:
    """Whether a report is to have a section."""
    return name in wanted_sections(bundle)


def leaves_out(bundle: Bundle, *formats: Format) -> str:
    """One sentence that names what the plan leaves out of a report; empty where it is nothing.

    What the run has nothing of, and what the formats never have, is not left out.
    """
    titles = [
        section.title
        for name, section in SECTIONS.items()
        if not has_section(bundle, name)
        and any(section.parts(each) for each in formats)
        and (section.needs is None or bundle.get(section.needs))
    ]
    return f"This report leaves out: {all_listed(titles)}, as the plan says." if titles else ""


_MOST_NAMED = 10
_COMPARISONS = {
    "previous_period": "With the period just before",
    "same_period_last_year": "With the same period of the year before",
    "none": "With no earlier run",
}


def plan_rows(bundle: Bundle) -> list[tuple[str, str]]:
    """What was asked of a record, the days looked at, and what the results are held against."""
    plan = bundle["plan"]
    if plan is None:
        return []
    period = plan_period(bundle)
    titles = {rule["id"]: f"“{rule['title']}”" for rule in bundle["rules"]}
    rows = [
        ("Records asked for", _filter(plan, bundle)),
        ("Period looked at", period["text"] if period else ""),
        ("Judged when it falls due", _falls_due(period, titles)),
        ("Not limited to the period", _not_limited(period, titles)),
        ("Sample", _sample(bundle)),
        ("To be compared", _COMPARISONS.get(plan.get("comparison") or "", "")),
    ]
    return [(what, value) for what, value in rows if value]


def population_sentence(bundle: Bundle) -> str:
    """How many records were read that the run is not about, or nothing."""
    records = bundle["input"]["records"]
    outside, not_drawn = records.get("outside", 0), records.get("not_drawn", 0)
    reasons = [
        f"{counted(outside, 'record')} outside the plan's population" if outside else "",
        f"{counted(not_drawn, 'record')} not drawn by the sample" if not_drawn else "",
    ]
    said = all_listed([reason for reason in reasons if reason])
    return f"Read and not judged: {said}." if said else ""


def period_sentence(bundle: Bundle) -> str:
    """The days that the run looks at, or nothing where it looks at all that the records hold."""
    period = plan_period(bundle)
    return f"The run looks at {period['text']}." if period else ""


def nothing_sentence(bundle: Bundle) -> str:
    """That the records hold nothing of the period, where they do not; or nothing."""
    period = plan_period(bundle)
    if not period or bundle["totals"]["rates"]["judged"] != 0:
        return ""
    return f"Nothing was judged: the records hold nothing dated {period['text']}."


def _filter(plan: PlanWords, bundle: Bundle) -> str:
    asked: str = plan.get("filter") or ""
    outside = bundle["input"]["records"].get("outside", 0)
    return f"{asked} ({counted(outside, 'record')} outside)" if outside else asked


def _sample(bundle: Bundle) -> str:
    plan = bundle["plan"]
    sample = None if plan is None else plan.get("sample")
    if not sample:
        return ""
    missing = f"; {counted(sample['missing'], 'drawn record')} not in the input"
    return (
        f"{sample['method']}: {sample['drawn']:,} of {counted(sample['frame'], 'record')}"
        f"{_redraw(bundle)}{missing if sample['missing'] else ''}"
    )


def _redraw(bundle: Bundle) -> str:
    """What the sample can be drawn again by, and how many were replaced; nothing for a board."""
    plan = None if is_board(bundle) else bundle["plan"]
    sample = None if plan is None else plan.get("sample")
    if not sample:
        return ""
    number = len(sample["replaced"])
    replaced = f", {number} of them from the reserve" if number else ""
    sha256 = shortened(sample["frame_sha256"], 12)
    return f" (SHA-256 of the frame {sha256}, seed '{sample['seed']}'){replaced}"


def _falls_due(period: PeriodInfo | None, titles: Mapping[str, str]) -> str:
    due = (period and period.get("falls_due")) or {}
    said = [f"{titles.get(rule, rule)} {span} after its date" for rule, span in due.items()]
    return all_listed(said)


def _not_limited(period: PeriodInfo | None, titles: Mapping[str, str]) -> str:
    rules = [titles.get(rule, rule) for rule in period["not_limited"]] if period else []
    more = [f"{len(rules) - _MOST_NAMED} more"] if len(rules) > _MOST_NAMED else []
    named = all_listed([*rules[:_MOST_NAMED], *more])
    return f"{named}: what they judge has no date that the plan names" if rules else ""
