"""What the rules of a pack say of their examples, as a page that is read aloud.

No program can tell that a sentence is true or reads well: a person does, who reads this.
"""

from __future__ import annotations

from collections.abc import Iterator

from scr_audit.check.examples import cases_of
from scr_audit.evaluate.interpreter import Interpreter
from scr_audit.evaluate.names import Names
from scr_audit.evaluate.outcomes import NOT_EVIDENCED, NOT_MET
from scr_audit.evaluate.reasons import explain
from scr_audit.language.conditions import Rule
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import RecordDecoder, decoder_of

_SAID = {NOT_MET: "Not met", NOT_EVIDENCED: "Not evidenced"}


def sentences_page(pack: Pack) -> str:
    """Markdown: by rule each reason that its examples show, not met before not evidenced."""
    decoder = decoder_of(pack)
    lines = [f"# What the rules of {pack.id} say", "", f"{pack.title}. The examples are invented."]
    for rule in pack.rules:
        lines += ["", f"## {rule.title}", "", f"Recommendation {rule.paragraph}, `{rule.id}`.", ""]
        lines += _reasons(pack, rule, decoder)
    return "\n".join([*lines, ""])


def _reasons(pack: Pack, rule: Rule, decoder: RecordDecoder) -> Iterator[str]:
    cases, _ = cases_of(pack, rule, decoder)
    for outcome, words in _SAID.items():
        said = dict.fromkeys(
            explain(judgement, Names(case.record)).reason
            for case in cases
            for judgement in Interpreter(pack.parameters, case.as_of).judge(rule, case.record)
            if judgement.outcome == outcome
        )
        yield from (f"- {words}: {reason}" for reason in said)
