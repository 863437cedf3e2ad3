"""Laws: what is said of a verdict is made of words, whatever pack and record it is about."""

from __future__ import annotations

import re
from datetime import date

from budget import share
from hypothesis import given
from strategies import RECORDS, TEXTS, Audit, as_of_days, audits

from scr_audit import Engine

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
