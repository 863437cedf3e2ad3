"""What changed since an earlier run, in words."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scr_audit.report.wording import count_text, counted, day_text

Bundle = Mapping[str, Any]
_VERDICTS = {
    "higher": "higher",
    "lower": "lower",
    "cannot_tell": "may be chance",
    "no_rate": "no rate",
    "not_compared": "not compared",
}
NONE_GIVEN = "No earlier run was given, so this report cannot say what changed."


class Change(NamedTuple):
    """Then and now as text, of one recommendation or rule; `title` is empty for the whole."""

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
    day = day_text(found["as_of"]) if found["as_of"] else "a day that was not given"
    total = change_of(found["total"], "")
    verdicts = [row["verdict"] for row in found["recommendations"]]
    told = (
        f"Since the run as of {day}: met {total.then} then, {total.now} now ({total.points}). "
        f"By recommendation, {counted(verdicts.count('higher'), 'share')} rose and "
        f"{verdicts.count('lower'):,} fell by more than chance explains; for "
        f"{verdicts.count('cannot_tell'):,} the difference may be chance."
    )
    if not found["rules_changed"]:
        return [told]
    then, now = found["pack"]["version"], bundle["pack"]["version"]
    return [
        told,
        f"The rules changed between the two runs (version {then}, now {now}), so a "
        "difference may come of the rules and not of practice.",
    ]


def changes(bundle: Bundle) -> list[Change]:
    """The recommendations whose share rose or fell by more than chance explains, falls first."""
    if bundle["compared"] is None:
        return []
    titles = {item["id"]: item["title"] for item in bundle["recommendations"]}
    rows = [
        row
        for row in bundle["compared"]["recommendations"]
        if row["verdict"] in ("lower", "higher")
    ]
    rows.sort(key=lambda row: (row["difference"], row["id"]))
    return [change_of(row, titles[row["id"]]) for row in rows]


def change_of(row: Mapping[str, Any], title: str) -> Change:
    """One row of the comparison as text."""
    return Change(
        row["id"], title, _side(row["then"]), _side(row["now"]), _points(row),
        _VERDICTS[row["verdict"]],
    )  # fmt: skip


def _side(side: Mapping[str, Any]) -> str:
    return f"{count_text(side['met'])} of {count_text(side['judged'])}"


def _points(row: Mapping[str, Any]) -> str:
    if row["difference"] is None:
        return _VERDICTS[row["verdict"]]
    low, high = row["interval"]
    return (
        f"{points_text(row['difference'])} percentage points, 95% interval "
        f"{points_text(low)} to {points_text(high)}"
    )


def points_text(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    number = round(share * 100)
    return f"{number:+d}".replace("-", "−") if number else "0"
