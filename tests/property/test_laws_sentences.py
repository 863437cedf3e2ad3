"""Laws: what is said of a verdict is made of words, whatever pack and record it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import pytest
from budget import EXAMPLES, share
from hypothesis import given
from strategies import RECORDS, TEXTS, Audit, as_of_days, audits

from scr_audit import Engine, RecordError, load_pack
from scr_audit.evaluate.interpreter import Interpreter
from scr_audit.evaluate.names import Names
from scr_audit.evaluate.reasons import explain
from scr_audit.packs.builtin import shipped_packs
from scr_audit.records.decode import decoder_of

CODE = re.compile(
    r"\w_\w"  # a name
    r"|[{}|\[\]]"  # a template
    r"|/\w"  # a pointer
    r"|\d{4}-\d\d"  # a date as records have it
    r"|\bNone\b(?! of the )|\bTrue\b|\bFalse\b"
    r"|\.\.|[?.]”\.|:\.|  |^ | $"  # a sign too many
)
QUOTED = re.compile("|".join(re.escape(f"“{text}”") for text in TEXTS if text))


@share(4, records=RECORDS)
@given(audits(), as_of_days())
def test_no_reason_and_no_remedy_has_code_in_it(audit: Audit, as_of: date | None) -> None:
    engine = Engine(audit.pack)
    for record in audit.records:
        for finding in engine.evaluate(record, as_of=as_of):
            remedy = finding.remedy.text if finding.remedy is not None else ""
            for text in (finding.reason, remedy):
                found = CODE.search(QUOTED.sub("“”", text))
                assert found is None, (found, text)
            assert finding.reason, finding
            assert finding.reason[0].isupper() or not finding.reason[0].isalpha(), finding.reason
            assert finding.reason.endswith((".", "?”")), finding.reason


def thinned(value: Any) -> Iterator[Any]:
    """The value with each fact in it left out, list emptied, item taken out, day made a month."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield from ({**value, key: less} for less in thinned(inner))
    elif isinstance(value, list):
        yield []
        for place, inner in enumerate(value):
            yield value[:place] + value[place + 1 :]
            yield from ([*value[:place], less, *value[place + 1 :]] for less in thinned(inner))
    elif isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        yield value[:7]


@pytest.mark.parametrize("name", shipped_packs())
def test_an_example_that_lacks_something_is_told_in_words(name: str) -> None:
    """Of so many records nobody wrote the reason: no question is quoted, nothing has no name."""
    pack = load_pack(name)
    decoder = decoder_of(pack)
    less = [
        (rule, example, facts)
        for rule in pack.rules
        for example in pack.examples[rule.id]
        for facts in thinned(example.given)
    ]
    for rule, example, facts in islice(less, 0, None, max(1, len(less) // EXAMPLES)):
        try:
            record = decoder.from_values({"id": "example", **facts}, rule.kind)
        except RecordError:
            continue  # a fact without which no record is one
        as_of = date.fromisoformat(example.as_of) if example.as_of else None
        for judgement in Interpreter(pack.parameters, as_of).judge(rule, record):
            reason = explain(judgement, Names(record)).reason
            found = CODE.search(reason) or re.search(r"[?]”|such a one|one that th", reason)
            assert found is None, (rule.id, facts, reason)
