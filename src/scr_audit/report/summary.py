"""What a report says before its tables, as sections of entries: one wording for all formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

from scr_audit.documents.editions import BoardCompared, Bundle, is_board
from scr_audit.documents.parts import PackInfo, PackWords, PlanInfo, PlanWords
from scr_audit.documents.run import ComparedInfo, PackVersion
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.plans.report_sections import LIMITS
from scr_audit.report import headline, standings
from scr_audit.report.changes import ChangeLine, change_sentences, changes
from scr_audit.report.first_page import first_page
from scr_audit.report.headline import reach_sentences
from scr_audit.report.human_decisions import ActionLine, action_lines
from scr_audit.report.sections import leaves_out, plan_period, plan_rows, wanted_parts
from scr_audit.report.standings import falls_due, missing_facts_of, missing_text
from scr_audit.report.tables import Entry, Section, edition
from scr_audit.report.wording import (
    LABELS,
    MEANINGS,
    SIGNS,
    period_words,
    value_text,
)
from scr_audit.values.text import counted

_RATES = (
    ("Judged", "What applied: met, not met and not evidenced together. A record that lists none of "
     "what a rule judges counts once, unless the rule then does not apply. Where nothing was "
     "judged or nothing is evidenced there is no rate, which is neither 0% nor 100%."),
    ("Met, of what is evidenced", "The share met of what the record shows to be met or not met. "
     "What is not evidenced is in no such share, and stands beside it."),
    ("95% interval", "Of chance alone: it allows for the small number that is evidenced (Wilson's "
     "method), and for nothing that is missing. It supposes that findings are independent; "
     "several from one record often are not."),
    ("At least, at most", "Of missing evidence alone: how low and how high the share met of all "
     "that was judged can be, if all that is not evidenced was not done, or was done."),
    ("Standard", "It is met, or not, only where both together leave no doubt: chance, and what is "
     "not evidenced."),
)  # fmt: skip


def summary_sections(bundle: Bundle) -> list[Section]:
    """What was audited, what came out, and how far it reaches; sections that say nothing left out.

    The totals by outcome are a table of their own: `tables.totals_table`.
    """
    sections = [
        *first_sections(bundle),
        Section("What was audited", audited_entries(bundle)),
        Section("What came out", [*result_entries(bundle), *_left_out(bundle)]),
        *(_part(bundle, name) for name in wanted_parts(bundle, "overview")),
    ]
    return [section for section in sections if section.entries]


def first_sections(bundle: Bundle) -> list[Section]:
    """The first page as sections."""
    page = first_page(bundle)
    told = (page.question, page.looked_at, *headline.notices(bundle))
    sections = [
        Section("What we looked at", [Entry("", each) for each in told if each]),
        Section(
            "What we found",
            [
                *(Entry(f"{each.percent} {each.label}", each.number) for each in page.shares),
                *(Entry("", each) for each in (page.applied, page.standards) if each),
                *(Entry(main.said, main.title) for main in page.found),
                *([] if page.found else [Entry("", page.none_found)]),
            ],
        ),
        Section(
            f"What {page.office or 'the office'} says",
            [Entry("", each) for each in page.commentary],
        ),
        Section(
            "What the files do not say", [Entry(each.said, each.question) for each in page.silent]
        ),
        Section("What changed, in short", [Entry("", each) for each in page.changed]),
        Section("What happens next", [Entry("", each) for each in page.follows]),
        Section("What this cannot show, in short", [Entry("", each) for each in page.limits]),
    ]
    return [section for section in sections if section.entries]


def _left_out(bundle: Bundle) -> list[Entry]:
    said = leaves_out(bundle, "overview", "sheets")
    return [Entry("", said)] if said else []


def _part(bundle: Bundle, name: str) -> Section:
    """A part of a workbook's first sheet, by its name in `plans.report_sections`."""
    if name == LIMITS:
        return Section(
            "What this cannot show", [Entry("", each) for each in reach_sentences(bundle)]
        )
    return Section(name, _ENTRIES[name](bundle))


def audited_entries(bundle: Bundle) -> list[Entry]:
    """What was audited, by which plan and rules, and how the records were chosen."""
    records, plan = bundle["input"]["records"], bundle["plan"]
    chosen = [
        Entry("Plan", plan["title"]),
        Entry("Question", plan["question"]),
        Entry("How records were chosen", plan["selection"] or "not stated"),
    ] if plan else [Entry("Plan", "none: all rules of the pack")]  # fmt: skip
    return [
        Entry("Audit", bundle["pack"]["title"]),
        Entry("As of", bundle["as_of"] or "not given", "day"),
        Entry("Edition", edition(bundle)),
        *([Entry("Confidential", bundle["confidential"])] if is_board(bundle) else ()),
        *chosen,
        *(Entry(what, value) for what, value in plan_rows(bundle)),
        Entry("Rules", f"{bundle['pack']['id']} {bundle['pack']['version']}"),
        Entry("Records read", records["read"], "count"),
        Entry("Records judged", records["judged"], "count"),
        Entry("Records left out", records["left_out"], "count"),
    ]


def result_entries(bundle: Bundle) -> list[Entry]:
    """The headline, and what a reader must know before believing it."""
    return [
        *(Entry("Take care", sentence) for sentence in headline.notices(bundle)),
        *(Entry("", sentence) for sentence in headline.headline(bundle)),
    ]


def not_met_entries(bundle: Bundle) -> list[Entry]:
    """The rules with something not met, the most severe first."""
    return [
        Entry(f"{rule['recommendation']}, {rule['severity']}", f"{rule['title']}: {phrase}")
        for rule in standings.important_not_met(bundle)
        for phrase in [standings.met_phrase(rule)]
    ]


def missing_entries(bundle: Bundle) -> list[Entry]:
    """The questions whose answers would settle most."""
    facts = missing_facts_of(bundle, standings.LOOK_AT_NEXT)
    return [Entry("", f"{fact.question} ({missing_text(fact)})") for fact in facts]


def falls_due_entries(bundle: Bundle) -> list[Entry]:
    """The months in which duties fall due that were not yet due when the files were read."""
    return [Entry(month, duties) for month, duties in falls_due(bundle, most=12)]


def change_entries(bundle: Bundle) -> list[Entry]:
    """What changed since the earlier run, falls first; or that none was given."""
    return [
        *(Entry("", sentence) for sentence in change_sentences(bundle)),
        *(
            Entry(
                f"{row.id}: {row.verdict}",
                f"{row.title}: then {row.then}, now {row.now}; {row.points}.",
            )
            for row in changes(bundle)
        ),
    ]


def action_entries(bundle: Bundle) -> list[Entry]:
    """The actions that named this run to show that they worked; nothing where none did."""
    return [
        Entry(f"{line.id}: {line.verdict}", f"{line.task}: {line.reason} ({line.status})")
        for line in action_lines(bundle)
    ]


_ENTRIES: Mapping[str, Callable[[Bundle], list[Entry]]] = {
    "Look at first": not_met_entries,
    "Missing facts that leave most open": missing_entries,
    "What falls due next": falls_due_entries,
    "What changed": change_entries,
    "What became of actions": action_entries,
}


def meanings() -> list[Section]:
    """How to read outcomes and rates."""
    outcomes = [Entry(f"{SIGNS[name]} {LABELS[name]}", MEANINGS[name]) for name in OUTCOMES]
    return [
        Section("What the outcomes mean", outcomes),
        Section("What the rates mean", [Entry(*rate) for rate in _RATES]),
    ]


def basis_sections(bundle: Bundle) -> list[Section]:
    """Rules, plan, engine and input, with their versions and hashes; empty sections left out."""
    sections = [
        Section("Rules", _pack(bundle["pack"])),
        Section("Plan", _plan(bundle["plan"])),
        Section("Program", _program(bundle)),
        Section(
            "Input files (SHA-256)",
            [Entry(file["name"], file["sha256"]) for file in bundle["input"]["files"]],
        ),
        Section("Exceptions", _exceptions(bundle)),
        Section("Earlier run", _earlier(bundle["compared"])),
    ]
    return [section for section in sections if section.entries]


def _pack(pack: PackWords) -> list[Entry]:
    return [
        Entry("Pack", pack["title"]),
        Entry("Id and version", f"{pack['id']} {pack['version']}"),
        *_sha256(pack),
        Entry("Licence", pack["licence"]),
        *(
            Entry(f"Source: {name.replace('_', ' ')}", value_text(value))
            for name, value in pack["source"].items()
            if value
        ),
    ]


def _plan(plan: PlanWords | None) -> list[Entry]:
    if plan is None:
        return []
    period = plan.get("period")
    days = (
        [Entry("From", period["start"], "day"), Entry("To", period["end"], "day")] if period else []
    )
    return [
        Entry("Title", plan["title"]), Entry("Id", plan["id"]),
        Entry("Question", plan["question"]), *_sha256(plan),
        *days,
    ]  # fmt: skip


def _program(bundle: Bundle) -> list[Entry]:
    return [
        Entry("Engine", f"{bundle['engine']['name']} {bundle['engine']['version']}"),
        Entry("Format", f"{bundle['format']} {bundle['format_version']}"),
    ]


def _exceptions(bundle: Bundle) -> list[Entry]:
    found = None if is_board(bundle) else bundle.get("exceptions")
    return [Entry(found["file"], found["sha256"])] if found else []


def _earlier(compared: ComparedInfo | BoardCompared | None) -> list[Entry]:
    if compared is None:
        return []
    pack = compared["pack"]
    return [
        Entry("As of", compared["as_of"] or "not given", "day"),
        Entry("Pack", f"{pack['id']} {pack['version']}"),
        *_sha256(pack),
    ]


def _sha256(item: PackVersion | PackWords | PlanWords) -> list[Entry]:
    """The hash, which the board edition does not have."""
    sha256 = cast("PackInfo | PlanInfo", item).get("sha256")
    return [Entry("SHA-256", sha256)] if sha256 else []


_CHANGES_SHOWN = 10
_NOT_STATED = "Not stated"


class Summary(NamedTuple):
    """What stands behind the first page."""

    audited: list[tuple[str, str]]  # what, in words
    sentences: list[str]
    changed: list[str]
    changes: list[ChangeLine]
    more_changes: int
    actions: list[ActionLine]
    limits: list[str]


def summary_view(bundle: Bundle) -> Summary:
    """What stands behind the first page of a run, or of its board edition."""
    records, *sentences = headline.headline(bundle)
    changed = changes(bundle)
    return Summary(
        audited=_audited(bundle, records),
        sentences=sentences,
        changed=change_sentences(bundle),
        changes=changed[:_CHANGES_SHOWN],
        more_changes=max(0, len(changed) - _CHANGES_SHOWN),
        actions=action_lines(bundle),
        limits=reach_sentences(bundle),
    )


def _audited(bundle: Bundle, records: str) -> list[tuple[str, str]]:
    plan = bundle["plan"]
    chosen = plan["selection"] if plan and plan["selection"] else _NOT_STATED
    said = [] if plan is None else [("Audit plan", plan["title"]), ("Question", plan["question"])]
    return [
        *said,
        *plan_rows(bundle),
        ("How the records were chosen", chosen),
        ("Records", records),
        *_days(bundle),
        ("Rules", _rules(bundle)),
    ]


def _days(bundle: Bundle) -> list[tuple[str, str]]:
    """The days of the records' events, unless they are not known and the plan has a period."""
    looked_at = plan_period(bundle)
    said = _period(bundle)
    return [] if looked_at and said == _NOT_STATED else [("Period", said)]


def _period(bundle: Bundle) -> str:
    events = [event for record in bundle["records"] for event in record["events"]]
    days = sorted(event["date"] for event in events if event["date"])
    if not days:
        return _NOT_STATED
    ends = [event["until"] for event in events if event["until"]]
    return f"Dated events run from {period_words(days[0], max([days[-1], *ends]))}."


def _rules(bundle: Bundle) -> str:
    pack, rules = bundle["pack"], counted(len(bundle["rules"]), "rule")
    wanted = len(bundle["recommendations"])
    without = sum(1 for item in bundle["recommendations"] if not item["rules"])
    silent = f"; no rule judges {without:,} of them" if without else ""
    return (
        f"{rules} for {counted(wanted, 'recommendation')} of “{pack['title']}”, "
        f"version {pack['version']}{silent}."
    )
