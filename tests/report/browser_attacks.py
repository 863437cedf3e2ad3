"""The sample bundle with texts that attack a browser."""

from typing import Any

from report_sample import OUTCOMES, sample_bundle

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
