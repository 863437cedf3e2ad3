"""A bundle for the tests of papers, with hostile texts everywhere."""

import copy
from typing import Any

from report_sample import sample_bundle

HOSTILE = (
    '#eval("1+1") {{ 7*7 }} {% for x in y %} {_{ 7*7 }_} </w:t></w:r> ]]> <!-- & #panic() $x$ '
    "*b* _i_ @ref \\ `c` bell\x07 esc\x1b nul\x00 \ud800 \ufffe \u202eevil "
    "שלום مرحبا 漢字 😀 👨‍👩‍👧 e\u0301 ש\u0301\u0302 " + "long " * 2_000 + "x" * 3_000
)
_KEPT = {"format", "outcome", "severity", "verdict", "as_of", "sha256", "date", "until", "from"}


def hostile_bundle() -> dict[str, Any]:
    """The sample with a hostile text in every field of text, ids kept apart by their ends."""
    bundle: dict[str, Any] = copy.deepcopy(sample_bundle(records=3, rules=6))
    renamed: dict[str, str] = {}
    return _hostile(bundle, "", renamed)


def _hostile(value: Any, name: str, renamed: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _hostile(item, key, renamed) for key, item in value.items()}
    if isinstance(value, list):
        return [_hostile(item, name, renamed) for item in value]
    if not isinstance(value, str) or name in _KEPT or name in {"unit", "pointer", "missing"}:
        return value
    return renamed.setdefault(value, f"{len(renamed)} {HOSTILE}")
