"""The board edition of a run: the bundle's totals, fit to publish."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, combinations
from typing import Any

from pydantic import ValidationError

from scr_audit.disclosure.actions import printed_actions
from scr_audit.disclosure.attack import determined
from scr_audit.disclosure.cells import Cell, Counts, slots, tables
from scr_audit.disclosure.differences import (
    Earlier,
    earlier_known,
    exposed_if_growing,
    small_differences,
)
from scr_audit.disclosure.knowledge import Knowledge, Row, known_zeros, rows_of, told
from scr_audit.disclosure.margins import agencies, groups, themes
from scr_audit.disclosure.masking import Table, mask
from scr_audit.disclosure.models import FORMAT, FORMAT_VERSION
from scr_audit.disclosure.narrowing import Contradiction
from scr_audit.disclosure.profile import Profile
from scr_audit.disclosure.published import board_sha256
from scr_audit.disclosure.rates import (
    printed_comparison,
    printed_rates,
    printed_standard,
    printed_trend,
)
from scr_audit.disclosure.safety import assert_safe
from scr_audit.errors import InputError
from scr_audit.runs.bundle import FORMAT as RUN_FORMAT
from scr_audit.runs.models import RunBundle

Document = Mapping[str, Any]
MOST_QUESTIONS = 10
_NOT_OF_THE_RUN = ("outside", "not_drawn")


def board_document(
    bundle: Document, profile: Profile, earlier: Sequence[Document] = ()
) -> dict[str, Any]:
    """The board document of an auditor's run bundle, checked as safe beside `earlier` ones.

    Raises `InputError` where the bundle is not one or contradicts itself, `DisclosureError` where
    no masking makes it safe.
    """
    _check(bundle)
    document = unmasked_document(bundle, profile, earlier)
    true = {cell: holder[key] for cell, holder, key in slots(document)}
    rows = [row for row in rows_of(document) if row.terms]
    _check_sums(true, rows)
    table = Table(true, rows, profile, known_zeros(document))
    masked = _masked(table, [earlier_known(before) for before in earlier])
    _print(document, masked, profile)
    document["compared"] = printed_comparison(document, earlier)
    if bundle.get("actions") is not None:
        document["actions"] = printed_actions(bundle["actions"], document, earlier)
    document["trend"] = printed_trend(document, earlier)
    assert_safe(document, earlier)
    return document


def _check(bundle: Document) -> None:
    if bundle.get("format") != RUN_FORMAT:
        raise InputError(
            f'the board edition is made from a run bundle ("format": "{RUN_FORMAT}"), '
            f"found {bundle.get('format')!r}"
        )
    try:  # findings may be many, and none of them is published
        RunBundle.model_validate({**bundle, "records": [], "findings": []})
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(step) for step in first["loc"])
        raise InputError(f"not a run bundle: at /{where}: {first['msg']}") from error


def _check_sums(true: Mapping[Cell, int], rows: Sequence[Row]) -> None:
    for row in rows:
        found = sum(true[cell] * factor for cell, factor in row.terms)
        wrong = found < (row.least or 0) or (row.most is not None and found > row.most)
        if wrong and not row.assumed:
            raise InputError(
                f"the counts of the run bundle contradict each other at {row.terms[0][0]}. "
                "Make it anew with 'scr-audit run'"
            )


def unmasked_document(
    bundle: Document, profile: Profile, earlier: Sequence[Document] = ()
) -> dict[str, Any]:
    """The board document with every true count still in it: not to be published."""
    recommendations = copy.deepcopy(bundle["recommendations"])
    records = _population(bundle["input"]["records"])
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **{name: copy.deepcopy(bundle[name]) for name in ("engine", "pack", "as_of")},
        "plan": _plan(bundle["plan"]),
        "disclosure": {
            "profile": profile.model_dump(),
            "masked": 0,
            "made_kinds": _made_kinds(records),
            "compared_with": [
                {"as_of": before["as_of"], "sha256": board_sha256(before)} for before in earlier
            ],
        },
        "input": {
            "files": [],
            "records": {**records, "by_kind": _by_kind(bundle, profile)},
        },
        "parameters": copy.deepcopy(bundle["parameters"]),
        "left_out": [],
        "compared": None,
        "trend": None,
        "totals": copy.deepcopy(bundle["totals"]),
        "agencies": agencies(recommendations),
        "themes": themes(recommendations),
        "groups": groups(recommendations),
        "recommendations": recommendations,
        "rules": copy.deepcopy(bundle["rules"]),
        "missing": _missing(bundle, profile),
        "records": [],
        "findings": [],
    }


def _plan(plan: Document | None) -> dict[str, Any] | None:
    """The plan; of its sample not why single records were replaced."""
    if plan is None:
        return None
    kept = copy.deepcopy(dict(plan))
    if kept.get("sample"):
        kept["sample"]["replaced"] = []
    return kept


def _population(records: Document) -> dict[str, Any]:
    """The records of the run only: those outside it are nobody's business here."""
    kept = {name: count for name, count in records.items() if name not in _NOT_OF_THE_RUN}
    kept["read"] -= sum(records.get(name, 0) for name in _NOT_OF_THE_RUN)
    return kept


def _by_kind(bundle: Document, profile: Profile) -> dict[str, int]:
    """Records by kind. A kind that is not named would be one of which there are none."""
    found: dict[str, int] = bundle["input"]["records"]["by_kind"]
    if not profile.mask_zero:
        return dict(found)
    return {kind: found.get(kind, 0) for kind in dict.fromkeys([*bundle["pack"]["kinds"], *found])}


def _made_kinds(records: Mapping[str, Any]) -> list[str]:
    """The kinds whose records were made of others: judged, but not among those read."""
    kinds: dict[str, int] = records["by_kind"]
    made = sum(kinds.values()) + records["left_out"] - records["read"]
    sizes = range(len(kinds) + 1)
    for some in chain.from_iterable(combinations(kinds, size) for size in sizes):
        if sum(kinds[kind] for kind in some) == made:
            return list(some)
    raise InputError(
        f"the run bundle says that {records['read']} records were read, which its records judged "
        "and left out do not add up to. Make it anew with 'scr-audit run'"
    )


def _missing(bundle: Document, profile: Profile) -> list[str]:
    """The questions most often without an answer; none that is missing only a few times."""
    lacking: Counter[str] = Counter()
    for finding in bundle["findings"]:
        questions = {fact["pointer"]: fact["question"] for fact in finding["facts"]}
        lacking.update({questions[p] for p in finding["missing"] if questions.get(p)})
    often = [(-count, name) for name, count in lacking.items() if not profile.hides(count)]
    return [name for _, name in sorted(often)[:MOST_QUESTIONS]]


def _masked(table: Table, earlier: Sequence[Earlier]) -> frozenset[Cell]:
    """The cells to mask, so that the attacker finds nothing."""
    table.mask_small()
    shown = _shown(table, frozenset(table.masked))
    for before in earlier:
        differ = small_differences(shown, before, table.profile.threshold)
        table.masked.update([cell for cell in differ if table.may_mask(cell)])

    def known(masked: frozenset[Cell]) -> Knowledge:
        return told(_shown(table, masked), table.rows, table.profile)

    def exposed(masked: frozenset[Cell], unproved: frozenset[Cell]) -> set[Cell]:
        return set(determined(known(masked), masked & unproved))

    def exposed_by_growth(masked: frozenset[Cell]) -> set[Cell]:
        threshold = table.profile.threshold
        return set().union(
            *(exposed_if_growing(known(masked), before, threshold) for before in earlier)
        )

    try:
        mask(table, exposed, exposed_by_growth)
        return frozenset(table.masked)
    except Contradiction:
        raise InputError(
            "the counts of the run bundle contradict each other. Make it anew with 'scr-audit run'"
        ) from None


def _shown(table: Table, masked: frozenset[Cell]) -> Counts:
    shown = table.profile.shown
    return {cell: None if cell in masked else shown(count) for cell, count in table.counts.items()}


def _print(document: dict[str, Any], masked: frozenset[Cell], profile: Profile) -> None:
    """Put the printed counts in place of the true ones, and the rates that follow from them."""
    for cell, holder, key in list(slots(document)):
        holder[key] = None if cell in masked else profile.shown(holder[key])
    overall = document["totals"]
    overall["rates"] = printed_rates(overall["units"], overall["rates"]["judged"])
    for _, _, item in tables(document):
        item["rates"] = printed_rates(item["totals"], item["rates"]["judged"])
    for rule in document["rules"]:
        rule["standard"] = printed_standard(rule["standard"], rule["rates"])
    document["disclosure"]["masked"] = len(masked)
