"""The board edition of a run: its true counts, and nothing of any single record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar, overload

from typing_extensions import TypedDict

from scr_audit.actions.action_record import check_anonymous
from scr_audit.documents.editions import BoardCompared, BoardDocument, BoardPlan, Sums
from scr_audit.documents.parts import OfficeInfo, Outcome, PackInfo, PackWords, PlanInfo
from scr_audit.documents.run import (
    ActionInfo,
    ComparedInfo,
    FallsDueInfo,
    RecommendationInfo,
    RuleInfo,
    RunBundle,
    Units,
)
from scr_audit.documents.series import ChartedRun, TrendDocument
from scr_audit.errors import InputError
from scr_audit.report.standings import missing_facts
from scr_audit.runs.bundle import rates_info
from scr_audit.stats.shares import rates

CONFIDENTIALITY = (
    "Confidential to the partnership. Counts are true, and a count of one about a known family is "
    "personal data."
)
MOST_QUESTIONS = 10
# Seeds, hashes, and what was written about single records.
_DROPPED = frozenset({"sha256", "frame_sha256", "seed", "meaning", "replaced"})
_Name = TypeVar("_Name")


def check_not_identifiable(bundle: RunBundle, edition: str) -> None:
    """Refuse another edition than the auditor's of identifiable records. Raises `InputError`."""
    anonymity = bundle.get("anonymity")
    if anonymity is not None and anonymity["allowed"] is not None:
        raise InputError(
            f"the {edition} edition is not made of identifiable records. Take the identifiers out "
            "first: anonymise them"
        )


def board_document(bundle: RunBundle) -> BoardDocument:
    """The board document of an auditor's run bundle.

    Raises `InputError` where the records are identifiable.
    """
    check_not_identifiable(bundle, "board")
    wanted = bundle["recommendations"]
    return {
        "format": "scr-audit/board",
        "format_version": 2,
        "confidential": CONFIDENTIALITY,
        "engine": bundle["engine"],
        "pack": _without(bundle["pack"]),
        "plan": _without(bundle["plan"]),
        **_office(bundle),
        "as_of": bundle["as_of"],
        "parameters": bundle["parameters"],
        "compared": _without(bundle["compared"]),
        **_series_and_actions(bundle),
        "totals": bundle["totals"],
        **_falls_due(bundle),
        "recommendations": wanted,
        "rules": _without(bundle["rules"]),
        "input": {"files": [], "records": bundle["input"]["records"]},
        "left_out": [],
        "agencies": [{"name": name, **sums} for name, sums in _sums(wanted, _agency)],
        "themes": [{"name": name, **sums} for name, sums in _sums(wanted, _theme)],
        "groups": [
            {"agency": agency, "theme": theme, **sums}
            for (agency, theme), sums in _sums(wanted, lambda item: (_agency(item), _theme(item)))
        ],
        "missing": [
            {"question": fact.question, "findings": fact.findings, "alone": fact.alone}
            for fact in missing_facts(bundle["findings"], MOST_QUESTIONS)
        ],
        "records": [],
        "findings": [],
    }


class _Office(TypedDict, total=False):
    office: OfficeInfo


def _office(bundle: RunBundle) -> _Office:
    return {"office": bundle["office"]} if "office" in bundle else {}


class _SeriesAndActions(TypedDict, total=False):
    trend: TrendDocument | None
    actions: list[ActionInfo] | None


class _FallsDue(TypedDict, total=False):
    falls_due: list[FallsDueInfo]


def _series_and_actions(bundle: RunBundle) -> _SeriesAndActions:
    found: _SeriesAndActions = {}
    if "trend" in bundle:
        found["trend"] = _with_numbered_runs(bundle["trend"])
    if "actions" in bundle:
        for action in bundle["actions"] or ():
            for text in (
                action["action"],
                action["recommendation"],
                action["agency"],
                action["task"],
            ):
                check_anonymous(text, f"action {action['action']}")
        found["actions"] = _without(bundle["actions"])
    return found


def _falls_due(bundle: RunBundle) -> _FallsDue:
    return {"falls_due": bundle["falls_due"]} if "falls_due" in bundle else {}


def _with_numbered_runs(trend: TrendDocument | None) -> TrendDocument | None:
    """The trend whose runs have numbers, since their names are the beginnings of hashes."""
    if trend is None:
        return None
    runs: list[ChartedRun] = [
        {**run, "run": f"run {number}"} for number, run in enumerate(trend["runs"], 1)
    ]
    return {**trend, "runs": runs}


@overload
def _without(value: None) -> None: ...
@overload
def _without(value: PlanInfo) -> BoardPlan: ...
@overload
def _without(value: PackInfo) -> PackWords: ...
@overload
def _without(value: ComparedInfo) -> BoardCompared: ...
@overload
def _without(value: list[RuleInfo]) -> list[RuleInfo]: ...
@overload
def _without(value: list[ActionInfo]) -> list[ActionInfo]: ...
def _without(value: object) -> object:
    """The value without the keys of `_DROPPED`, however deep."""
    if isinstance(value, Mapping):
        return {name: _without(each) for name, each in value.items() if name not in _DROPPED}
    return [_without(each) for each in value] if isinstance(value, list) else value


def _agency(item: RecommendationInfo) -> str:
    return item["agency"] or ""


def _theme(item: RecommendationInfo) -> str:
    return item["theme"] or ""


def _sums(
    recommendations: Iterable[RecommendationInfo], name: Callable[[RecommendationInfo], _Name]
) -> Iterator[tuple[_Name, Sums]]:
    """The sums over recommendations of one name, in the order in which the names come up."""
    found: dict[_Name, list[Units]] = defaultdict(list)
    for item in recommendations:
        found[name(item)].append(item["totals"])
    for each, counts in found.items():
        met, not_met = _sum(counts, "met"), _sum(counts, "not_met")
        silent = _sum(counts, "not_evidenced")
        totals: Units = {
            "met": met,
            "not_met": not_met,
            "not_evidenced": silent,
            "not_applicable": _sum(counts, "not_applicable"),
            "excepted": _sum(counts, "excepted"),
            "error": _sum(counts, "error"),
        }
        yield each, {"totals": totals, "rates": rates_info(rates(met, not_met, silent))}


def _sum(counts: Iterable[Units], name: Outcome) -> int:
    return sum(count[name] for count in counts)
