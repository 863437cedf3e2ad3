"""Records whose every text is hostile, for any pack: to be tried on every format of report.

The records fit the pack's schema, so that they are judged and reach the reports. They are
built from the schema alone: a fact that is added to it is filled too.
"""

from __future__ import annotations

from typing import Any

from scr_audit.language.types import FactType, Kind
from scr_audit.packs.pack import Pack

# Not among them: halves of characters, which JSON text cannot hold; a record with one is
# left out by the reader.
TEXTS = (
    "<script>alert(1)</script>",
    "</script><!-- <img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}{# #}",
    "${7*7} #{7*7} `id` $(id)",
    '=HYPERLINK("http://example.org","x")',
    "+1+1|x",
    "-1-1",
    "@SUM(A1)",
    "\t=1+1",
    '"; a,b\t"quoted"\r\nsecond line',
    "]]> &amp; &#0; <![CDATA[",
    "#set page(width: 1pt) *bold* _it_ $x$ @label //",
    "| a | b |\n| - | - |\n# heading [link](javascript:alert(1))",
    "\\u0000 \\n %s %n {0} \\",
    "nul\x00 bell\x07 escape\x1b[31mred\x1b[0m vertical\x0b form\x0c delete\x7f next\x85 csi\x9b",
    "\u202eevil\u202c \u2066isolate\u2069 \u200fmark",
    "שלום עולם مرحبا بالعالم",
    "zero\u200bwidth soft\xadhyphen byte\ufeffmark tag\U000e0041 line\u2028separator \ufffe\uffff",
    "😀👩‍👩‍👧‍👦🏴 é日本 a" + "\u0301" * 50,
    "A/B~C.json?x=1#../..",
    "CON",
    " \u3000 spaces \xa0 ",
    "None null true 0 2010-01-01",
    "n" * 10_000,
    "words " * 6_000,  # more than a cell of a spreadsheet holds
)


def hostile_records(pack: Pack, kind: str) -> list[dict[str, Any]]:
    """For each text two records with it in every text fact, the id included.

    In the first every yes/no fact is false and every choice the first, in the second true and
    the last; the id of the second ends in `, again`. Every list has one item.
    """
    record = pack.kinds[kind].type
    found = []
    for text in TEXTS:
        first, second = (_filled(record, text, answer=answer) for answer in (False, True))
        found += [first, {**second, "id": f"{text}, again"}]
    return found


def text_pointers(value: Any, at: str = "") -> dict[str, str]:
    """Every text of a record by its JSON pointer."""
    if isinstance(value, str):
        return {at: value}
    items = enumerate(value) if isinstance(value, list) else _members(value)
    found: dict[str, str] = {}
    for step, inner in items:
        found |= text_pointers(inner, f"{at}/{str(step).replace('~', '~0').replace('/', '~1')}")
    return found


def _members(value: Any) -> Any:
    return value.items() if isinstance(value, dict) else ()


def _filled(fact: FactType, text: str, *, answer: bool) -> Any:
    """A value of this type in which every text is `text`."""
    match fact.kind:
        case Kind.OBJECT:
            fields = fact.fields.items()
            return {name: _filled(field.type, text, answer=answer) for name, field in fields}
        case Kind.LIST:
            assert fact.item is not None
            return [_filled(fact.item, text, answer=answer)]
        case Kind.TEXT:
            return text
        case Kind.OPEN:
            return {text: text, "more": [{text: None}]}
        case Kind.CHOICE:
            return fact.choices[-1 if answer else 0]
        case Kind.BOOLEAN:
            return answer
        case Kind.DATE:
            return "2010-03-04" if answer else "2009"
        case Kind.DATETIME:
            return "2010-03-04T10:30:00" if answer else "2009-08"
    return _number(fact)


def _number(fact: FactType) -> float:
    low = 0 if fact.minimum is None else fact.minimum
    return low if fact.maximum is None else min(low, fact.maximum)
