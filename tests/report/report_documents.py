"""Other documents made of the sample bundle: for the Board, and full of hostile texts."""

from collections.abc import Mapping
from typing import Any

from report_sample import OUTCOMES, rates, sample_bundle

THRESHOLD = 5
_ATTACKS = (
    "<script>window.pwned = 1</script>",
    '"><img src=x onerror="window.pwned=1"> ',
    "</script><script>window.pwned=1</script>",
    "{{ 7 * 7 }}",
    "=HYPERLINK(1)",
    "\u202e\ud800\u2028",
)
_STRUCTURE = frozenset({"format", "outcome", "verdict", "as_of", "severity", "rule", "rules",
                        "record", "recommendation", "kind", "date", "until"})  # fmt: skip


def board_document() -> dict[str, Any]:
    """The sample for the Board: every count from 1 to 4 masked, and nothing of single records."""
    bundle = sample_bundle()
    records = {**bundle["input"]["records"], "left_out": None}
    margin = _masked({"name": "Police", "totals": dict.fromkeys(OUTCOMES, 7),
                      "rates": rates(dict.fromkeys(OUTCOMES, 7))}, "totals")  # fmt: skip
    return {
        **bundle,
        "format": "scr-audit/board",
        "input": {"files": [], "records": records},
        "left_out": [], "records": [], "findings": [],
        "totals": {
            **_masked(bundle["totals"], "units"),
            "records": {"judged": 20, "all_met": None},
        },
        "recommendations": [_masked(item, "totals") for item in bundle["recommendations"]],
        "rules": [_masked(rule, "totals") for rule in bundle["rules"]],
        "agencies": [margin], "themes": [{**margin, "name": "Planning"}],
        "groups": [{**margin, "agency": "Police", "theme": "Planning"}],
        "missing": ["Was it done within the time that the procedure allows?"],
        "disclosure": {
            "profile": {"id": "invented", "title": "Counts from 1 to 4 are masked",
                        "threshold": THRESHOLD, "rounding_base": 1, "mask_zero": False,
                        "source": "Invented", "explanation": "A small count can name a family."},
            "masked": 17, "made_kinds": [], "compared_with": [],
        },
    }  # fmt: skip


def _masked(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    counts = {
        name: None if 0 < number < THRESHOLD else number for name, number in item[key].items()
    }
    found = dict(item["rates"])
    if None in [counts[name] for name in OUTCOMES[:3]]:
        found |= {"judged": None, "assured": None, "low": None, "high": None, "interval": None}
    made = {**item, key: counts, "rates": found}
    return {**made, "standard": None} if "standard" in item else made


def hostile_bundle() -> dict[str, Any]:
    """A small sample with an attack in front of every text that a person may have written."""
    bundle: dict[str, Any] = _abused(sample_bundle(records=3, rules=8), "")
    return bundle


def _abused(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _abused(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_abused(item, key) for item in value]
    if not isinstance(value, str) or key in _STRUCTURE or value in OUTCOMES:
        return value
    if key in ("id", "unit", "pointer"):
        return value
    return _ATTACKS[len(value) % len(_ATTACKS)] + value
