"""What changed since an earlier run, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from typing_extensions import TypedDict

from scr_audit.documents.editions import Bundle
from scr_audit.documents.parts import Outcome
from scr_audit.documents.run import Units
from scr_audit.documents.series import ComparedCounts, DifferenceInfo, RuleComparison
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.report.wording import LABELS, all_listed, day_text, percent, time_words
from scr_audit.series.time_points import head_period
from scr_audit.values.period import parse_period
from scr_audit.values.text import count_text, counted

NONE_GIVEN = "No earlier run was given, so this report cannot say what changed."
BY_RECORD = (
    "Counted are records, since several units of one record are not independent. By a rule a "
    "record is met where all that the rule judges in it is met, not met where something is not, "
    "and otherwise not evidenced, which is in no share."
)
_NEAREST = 5  # how many rules are named of which there are too few records to tell


class RunTimes(TypedDict):
    """When a run was made, and the label of the period that it looks at."""

    as_of: str | None
    period: str | None


class ChangeLine(NamedTuple):
    """Records then and now as text, of one rule; `id` is its recommendation."""

    id: str
    title: str
    then: str
    now: str
    points: str
    verdict: str


def change_sentences(bundle: Bundle) -> list[str]:
    """What changed over all, and how much can be made of it."""
    found = bundle["compared"]
    if found is None:
        return [NONE_GIVEN]
    period = head_period(bundle)
    now: RunTimes = {"as_of": bundle["as_of"], "period": None if period is None else period.label}
    changed = sum(row["rule"] == "changed" for row in found["rules"])
    other = found.get("other_period", "")
    return [
        *([f"{other[0].upper()}{other[1:]}."] if other else []),
        verdicts_sentence(when_words(found, now), found["rules"]),
        f"Findings over all rules then: {_units(found['units'])}; now: "
        f"{_units(bundle['totals']['units'])}.",
        f"{BY_RECORD} {comparison_sentence(found['rules'])}".rstrip(),
        *shared_records(found["rules"]),
        *(
            [f"{counted(changed, 'rule')} {'asks' if changed == 1 else 'ask'} something else now, "
             "so nothing is said of a change there."]
            if changed else []
        ),
    ]  # fmt: skip


def verdicts_sentence(when: str, rows: Iterable[DifferenceInfo]) -> str:
    """How many rules fell, rose and so on; each rule is counted once."""
    counts = Counter(_headline_class(row) for row in rows)
    parts = [
        f"{counted(counts['lower'], 'rule')} fell and {counts['higher']:,} rose by more than "
        "chance explains",
        f"{counts['unchanged']:,} unchanged",
    ]
    same = [f"{counts[name]:,} {name}" for name in _SAME_RECORDS if counts[name]]
    if same:
        parts.append(f"judged on the same records then and now, {all_listed(same)}")
    return (
        f"{when}: {'; '.join(parts)}; for {counts['cannot_tell']:,} there are too few records to "
        f"tell, and {counts['no_rate'] + counts['not_compared']:,} cannot be compared."
    )


_SAME_RECORDS = ("with a lower share", "with a higher share", "with the same share")


def _headline_class(row: DifferenceInfo) -> str:
    verdict = row["verdict"]
    if verdict == "same_records":
        change = row["difference"] or 0.0
        return _SAME_RECORDS[0 if change < 0 else 1 if change > 0 else 2]
    return "unchanged" if verdict == "cannot_tell" and row["needed"] is None else verdict


def time_of_run(run: RunTimes) -> str:
    """What the time of an earlier run is called: its period, else its day."""
    return time_words(run["period"]) if run["period"] else day_text(run["as_of"])


def when_words(then: RunTimes, now: RunTimes) -> str:
    """Between what times something changed, as a sentence begins with it."""
    before, after = time_of_run(then), time_of_run(now)
    if before == after:
        return f"Between the two runs of {before}"
    return f"From {before} back to {after}" if is_backwards(then, now) else f"Since {before}"


def is_backwards(then: RunTimes, now: RunTimes) -> bool:
    """Whether the first run is the later one: by their periods if both have one, else by day."""
    if then["period"] and now["period"] and then["period"] != now["period"]:
        return parse_period(then["period"]).end > parse_period(now["period"]).end
    first, second = then["as_of"], now["as_of"]
    return first is not None and second is not None and first > second


def comparison_sentence(rows: Iterable[DifferenceInfo]) -> str:
    """How chance was allowed for; nothing where nothing was compared."""
    number = sum(row["p_value"] is not None for row in rows)
    if not number:
        return ""
    together = "" if number == 1 else (
        f", which allows for the {number:,} rules compared (Benjamini and Hochberg),"
    )  # fmt: skip
    return f"Fisher's exact test{together} decides whether chance explains a difference."


def shared_records(rows: Iterable[DifferenceInfo]) -> list[str]:
    """Sentences about records that are in both runs, for which the test is not made."""
    rows = list(rows)
    verdicts = Counter(row["verdict"] for row in rows)
    partly = sum(row["p_value"] is not None and bool(row["records_in_both"]) for row in rows)
    notes = []
    if same := verdicts["same_records"]:
        notes.append(
            f"By {counted(same, 'rule')} both runs judged the same records, so there is no chance "
            "of sampling and nothing to test: what differs is what changed in these records."
        )
    if partly:
        notes.append(
            f"By {counted(partly, 'rule')} some of the records, and not all, were judged in both "
            "runs; the test takes them for different records, so it tells only roughly whether "
            "chance explains a difference there."
        )
    return notes


def clear_changes(bundle: Bundle) -> list[ChangeLine]:
    """The rules that fell, rose, or changed in the same records."""
    return [change_line(row) for row in _clear(_by_difference(bundle))]


def _by_difference(bundle: Bundle) -> list[RuleComparison]:
    found = bundle["compared"]
    rows = [] if found is None else found["rules"]
    return sorted(rows, key=lambda row: (row["difference"] or 0, row["id"]))


def _clear(rows: list[RuleComparison]) -> list[RuleComparison]:
    found = [row for name in ("lower", "higher") for row in rows if row["verdict"] == name]
    return found + [row for row in rows if row["verdict"] == "same_records" and row["difference"]]


def changes(bundle: Bundle) -> list[ChangeLine]:
    """The rules that fell, rose, or changed in the same records, then those nearest to that."""
    rows = _by_difference(bundle)
    found = _clear(rows)
    apart = (row for row in rows if row["needed"] and row["difference"])
    nearest = sorted(apart, key=lambda row: row["needed"] or 0)
    return [change_line(row) for row in (*found, *nearest[:_NEAREST])]


def change_line(row: RuleComparison) -> ChangeLine:
    """One row of a comparison as text."""
    return ChangeLine(
        row["recommendation"], row["title"], records_text(row["then"]), records_text(row["now"]),
        difference_text(row), verdict_text(row),
    )  # fmt: skip


def records_text(side: ComparedCounts | None) -> str:
    """The records of a rule in one run: `2 of 5 met (40%), 1 not evidenced`."""
    if side is None:
        return "–"
    met, not_met = side["records_met"], side["records_not_met"]
    if met is None or not_met is None:
        return "records not counted"
    decided = met + not_met
    silent = side["records"] - decided
    share = f"{met:,} of {decided:,} met ({percent(met / decided)})" if decided else ""
    beside = f"{silent:,} not evidenced" if silent else ""
    return all_listed([part for part in (share, beside) if part]) or "none judged"


def difference_text(row: DifferenceInfo) -> str:
    """The difference with its interval, or nothing where there is none."""
    if row["difference"] is None:
        return ""
    found = f"{points_text(row['difference'])} percentage points"
    if row["interval"] is None:
        return found
    low, high = row["interval"]
    return f"{found}, 95% interval {points_text(low)} to {points_text(high)}"


def verdict_text(row: DifferenceInfo) -> str:
    """A difference in words; where there are too few records, how many it would take."""
    if row["verdict"] != "cannot_tell":
        return _VERDICTS[row["verdict"]]
    if row["needed"] is None:
        return "unchanged"
    return f"too few to tell: it would take about {row['needed']:,} records on each side"


_VERDICTS = {
    "higher": "rose",
    "lower": "fell",
    "same_records": "the same records, so no chance of sampling",
    "no_rate": "nothing evidenced in one of them",
    "not_compared": "not compared",
}


def points_text(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    number = round(share * 100)
    return f"{number:+d}".replace("-", "−") if number else "0"


def _units(units: Units | dict[Outcome, int]) -> str:
    return all_listed(f"{count_text(units[name])} {LABELS[name]}" for name in OUTCOMES[:3])
