"""What a report says first, in plain sentences."""

from __future__ import annotations

from scr_audit.documents.editions import Bundle, is_board
from scr_audit.documents.parts import AnonymityInfo, UniquenessInfo
from scr_audit.errors import within
from scr_audit.evaluate.outcomes import OUTCOMES
from scr_audit.report.human_decisions import exceptions_sentence, moderation_sentence
from scr_audit.report.sections import nothing_sentence, period_sentence, population_sentence
from scr_audit.report.standings import chance_sentence, missing_sentence, shares_text
from scr_audit.report.wording import LABELS, all_listed, day_text, percent
from scr_audit.stats.shares import units_to_show
from scr_audit.values.text import count_text, counted

_MOST_REMARKS = 3


def headline(bundle: Bundle) -> list[str]:
    """What was audited and what came out, in plain sentences."""
    return [
        _records_sentence(bundle),
        *_plan_sentences(bundle),
        *result_sentences(bundle),
        _whole_records_sentence(bundle),
        *filter(None, [uniqueness_sentence(bundle)]),
    ]


def _plan_sentences(bundle: Bundle) -> list[str]:
    said = period_sentence(bundle), population_sentence(bundle), nothing_sentence(bundle)
    return [sentence for sentence in said if sentence]


def notices(bundle: Bundle) -> list[str]:
    """What a reader must know first: identifiable records, errors, records left out, exceptions."""
    sentences = (
        anonymity_sentence(bundle),
        errors_sentence(bundle),
        left_out_sentence(bundle),
        remarks_sentence(bundle),
        exceptions_sentence(bundle),
        moderation_sentence(bundle),
    )
    return [sentence for sentence in sentences if sentence]


def _records_sentence(bundle: Bundle) -> str:
    records = bundle["input"]["records"]
    kinds = [counted(number, kind) for kind, number in sorted(records["by_kind"].items())]
    files = bundle["input"]["files"]
    source = f" from {counted(len(files), 'file')}" if files else ""
    left_out = records["left_out"]
    return (
        f"As of {day_text(bundle['as_of'])}, {counted(records['read'], 'record')}{source} "
        f"{_were(records['read'])} read: {all_listed(kinds) or 'none'} {_were(records['judged'])} "
        f"judged and {'none' if left_out == 0 else count_text(left_out)} left out."
    )


def result_sentences(bundle: Bundle) -> list[str]:
    """What came of all that applied: three shares, then chance, then what is not evidenced.

    It needs the totals and the rules' rates only, with true counts.
    """
    units, rates = bundle["totals"]["units"], bundle["totals"]["rates"]
    outside = [
        *(f"{count_text(units[name])} {LABELS[name]}" for name in OUTCOMES[3:-1]),
        counted(units["error"], "error"),
    ]
    said = (
        f"{_rules_at_work(bundle)} made {counted(rates['judged'], 'finding')} that applied: "
        f"{shares_text(units, rates['judged'])}.",
        chance_sentence(units, rates) + _pooled_sentence(bundle),
        missing_sentence(units, rates),
        f"Outside the rates: {all_listed(outside)}.",
    )
    return [sentence for sentence in said if sentence]


def _pooled_sentence(bundle: Bundle) -> str:
    """What an interval over all findings leaves out, where one record has several of them."""
    found = bundle["totals"]
    alone = found["rates"]["judged"] <= found["records"]["judged"]
    if alone or found["rates"]["interval"] is None:
        return ""
    return (
        " The interval takes each finding by itself, though several are of one record, so it is "
        "too narrow."
    )


def _rules_at_work(bundle: Bundle) -> str:
    """`28 of 36 rules`: those that had something to judge."""
    rules = bundle["rules"]
    at_work = sum(1 for rule in rules if rule["rates"]["judged"] != 0)
    return (
        counted(len(rules), "rule")
        if at_work == len(rules)
        else (f"{at_work:,} of {counted(len(rules), 'rule')}")
    )


def _whole_records_sentence(bundle: Bundle) -> str:
    records = bundle["totals"]["records"]
    return (
        f"{count_text(records['all_met'])} of {counted(records['judged'], 'record')} met every "
        "rule that applied."
    )


def left_out_sentence(bundle: Bundle) -> str:
    """How many records were left out, or nothing."""
    records = bundle["input"]["records"]
    number = records["left_out"]
    if number == 0:
        return ""
    return (
        f"{count_text(number)} of {counted(records['read'], 'record')} {_were(number)} left out, "
        f"because {'it does' if number == 1 else 'they do'} not fit the record schema. Nothing "
        f"below counts {'it' if number == 1 else 'them'}."
    )


def remarks_sentence(bundle: Bundle) -> str:
    """The first records of which an auditor must know something, and how many there are."""
    found = None if is_board(bundle) else bundle.get("remarks")
    if not found:
        return ""
    said = [
        f"{item['record']} ({within(item['file'], item['position'])}): {item['text']}."
        for item in found["listed"][:_MOST_REMARKS]
    ]
    more = found["count"] - len(said)
    rest = f" {more:,} more in the run bundle." if more else ""
    return f"May be there twice: {' '.join(said)}{rest}"


def errors_sentence(bundle: Bundle) -> str:
    """How many units could not be judged because of our own fault, or nothing."""
    number = bundle["totals"]["units"]["error"]
    if number == 0:
        return ""
    return (
        f"{counted(number, 'finding')} {'is an error' if number == 1 else 'are errors'}: the "
        f"software could not judge {'it' if number == 1 else 'them'}. Errors are in no rate."
    )


def anonymity_sentence(bundle: Bundle) -> str:
    """That records of the run which may tell who they are about were allowed; or nothing."""
    return identifiable_sentence(_anonymity(bundle))


def identifiable_sentence(found: AnonymityInfo | None) -> str:
    """That records which may tell who they are about were allowed, and why; or nothing."""
    if not found or found["allowed"] is None:
        return ""
    what = counted(found["findings"], "identifier") if found["findings"] else "no identifiers"
    return (
        f"Not for publication: identifiable records were allowed, and {what} "
        f"{_were(found['findings'])} found in them. Reason given: {found['allowed']}"
    )


def _anonymity(bundle: Bundle) -> AnonymityInfo | None:
    return None if is_board(bundle) else bundle.get("anonymity")


def uniqueness_sentence(bundle: Bundle) -> str:
    """How alone the records stand, or nothing where no quasi-identifiers are declared."""
    found = _anonymity(bundle)
    if not found or not found["uniqueness"]:
        return ""
    return " ".join(_uniqueness_sentence(item, found["least_k"]) for item in found["uniqueness"])


def _uniqueness_sentence(item: UniquenessInfo, least: int) -> str:
    records = counted(item["records"], item["kind"])
    if item["k"] is None:
        return f"k-anonymity of {records}: not worked out, there are too many combinations."
    return (
        f"k-anonymity of {records} over {counted(len(item['quasi_identifiers']), 'fact')}: "
        f"k = {item['k']:,}; {item['below']:,} in groups smaller than {least:,}."
    )


def _were(number: int | None) -> str:
    return "was" if number == 1 else "were"


_LEAST = 0.7  # the lowest standard that the notes of auditors speak of


def reach_sentences(bundle: Bundle) -> list[str]:
    """Sentences about how far the run's numbers reach."""
    return [
        _choice_sentence(bundle),
        _too_few_sentence(bundle),
        *_clustered_sentences(bundle),
        "It says what the files record. What was done and not written down counts as not "
        "evidenced, and what was written down and not done counts as met.",
    ]


def _choice_sentence(bundle: Bundle) -> str:
    plan = bundle["plan"]
    if plan is not None and plan.get("sample"):
        return "The intervals hold for the records from which these were drawn at random."
    if plan is not None and plan["selection"]:
        return (
            "No draw was given to this run. The numbers are about these records; the intervals "
            "hold for others only where these were drawn from them at random. How they were "
            f"chosen: {plan['selection']}"
        )
    return (
        "How these records were chosen was not stated. The intervals hold only for records "
        "drawn at random; otherwise the numbers are about these records and no others."
    )


def _too_few_sentence(bundle: Bundle) -> str:
    judged = [rule["rates"]["judged"] for rule in bundle["rules"]]
    needed = units_to_show(_LEAST)
    few = sum(1 for number in judged if 0 < number < needed)
    none = sum(1 for number in judged if number == 0)
    shares = ", ".join(f"{units_to_show(share)} for {percent(share)}" for share in (0.8, 0.9, 0.95))
    sentence = (
        f"Even if all is met, it takes {needed} units to show that {percent(_LEAST)} is reached, "
        f"{shares}. {counted(few, 'rule')} judged fewer than {needed} here"
    )
    nothing = f", and {none:,} nothing at all" if none else ""
    return f"{sentence}{nothing}."


def _clustered_sentences(bundle: Bundle) -> list[str]:
    several = [
        rule for rule in bundle["rules"] if rule["rates"]["judged"] > rule["totals"]["records"] > 0
    ]
    if not several:
        return []
    return [
        f"For {counted(len(several), 'rule')} several units come from one record. They are not "
        "independent, so the true uncertainty is wider than the intervals."
    ]
