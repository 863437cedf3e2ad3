"""Other editions of the sample bundle: for the Board, of totals only, and full of hostile texts."""

from typing import Any
from zlib import crc32

from report_sample import CONTROLS, HEBREW, SCRIPT, sample_bundle

from scr_audit import editions
from scr_audit.series.comparison import compare_with_earlier

# Each is put before a text of the bundle, or (with `{}`) around it.
HOSTILE_TEXTS = (
    '=HYPERLINK("http://evil.example","click")', "+1+1 ", "-2+3 ", "@SUM(1) ", "\t=1+1 ", "\r=1+1 ",
    " \ufeff =cmd|' /C calc'!A0 ", "＝1+1 ", "x;=1+1 ", "a\n=1+1\nb ", "<r>{}</r>", "_x0041_ ",
    "</t></is></c><f>1+1</f> ", SCRIPT, CONTROLS, HEBREW, "\ud800\udfff\ufffe\uffff\x00 ",
    "😀" * 20_000, "very long " * 1_000, "| pipe | `tick` ``` $x$ ", "# head ", "- item ",
    "1. one ",
    "[a](javascript:alert(1)) ![b](http://evil.example/p.png) ", "www.evil.example @somebody #12 ",
    "*bold* __bold__ ~~gone~~ &lt;b&gt; \\ ", "<!-- ", "===", "---", ":smile: ", "'quoted ", "\n\n",
)  # fmt: skip
# What a program decides by, and so never a text of somebody's own.
_STRUCTURE = frozenset({"format", "outcome", "verdict", "as_of", "period"})


def board_document() -> dict[str, Any]:
    """The sample for the Board: true counts, and nothing of single records."""
    return editions.board_document(sample_bundle())


def totals_only() -> dict[str, Any]:
    """The sample as a run keeps it that kept no findings."""
    return {**sample_bundle(), "records": [], "findings": []}


def changed_bundle() -> dict[str, Any]:
    """The sample compared with an earlier run, and by a plan."""
    bundle, earlier = sample_bundle(records=5, rules=6), sample_bundle(records=5, rules=6)
    earlier["as_of"] = "2026-08-24"
    for rule in earlier["rules"]:  # a hundred records, all met
        rule["totals"] |= {"met": 100, "not_met": 0, "not_evidenced": 0, "records": 100,
                           "records_met": 100, "records_not_met": 0}  # fmt: skip
    plan = {"id": "quarter", "title": "A quarter", "question": "Is it done?",
            "selection": "Every third case.", "sha256": "cd"}  # fmt: skip
    return {**bundle, "compared": compare_with_earlier(bundle, earlier), "plan": plan}


def hostile_bundle() -> dict[str, Any]:
    """The compared sample with a hostile text in every text field, names and keys included.

    What points to something else still does.
    """
    abused: dict[str, Any] = _abused(changed_bundle(), "")
    return abused


def _abused(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        if key == "criteria":  # names of criteria, with outcomes as values
            return {hostile(name): outcome for name, outcome in value.items()}
        if key in ("by_kind", "kinds", "source"):
            return {hostile(name): _abused(item, "") for name, item in value.items()}
        return {name: _abused(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_abused(item, key) for item in value]
    if not isinstance(value, str) or key in _STRUCTURE:
        return value
    return pointer(value) if key == "unit" and value.startswith("/") else hostile(value)


def pointer(text: str) -> str:
    """A hostile place in a record, still a JSON pointer."""
    return f"/{hostile(text)}"


def hostile(text: str) -> str:
    """The hostile text that stands for one of the bundle's; a different one for a different."""
    found = HOSTILE_TEXTS[crc32(text.encode()) % len(HOSTILE_TEXTS)]
    return found.replace("{}", text) if "{}" in found and "%" not in found else found + text
