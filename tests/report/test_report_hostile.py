"""Hostile text in every text fact of every kind of record stays text in every report."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hostile import TEXTS, hostile_records, text_pointers
from report_page import Element, read_page
from report_sample import sample_bundle
from small_pack import pack_of

from scr_audit.engine import Engine
from scr_audit.language.types import Kind, walk_fields
from scr_audit.packs.builtin import load_pack
from scr_audit.packs.pack import Pack
from scr_audit.report.findings import QUIET_OUTCOMES
from scr_audit.report.formats import Templates
from scr_audit.report.html import render_html
from scr_audit.report.wording import one_line, said_text
from scr_audit.runs.bundle import Spool, bundle_bytes, bundle_document, bundle_head
from scr_audit.values.text import normal_text, visible

TEMPLATES = Templates(Path(__file__).parents[2] / "reports")
PACKS = ("small", "shipped")
# Rules that read texts, so that the findings have them as facts.
TEXT_RULES = (
    "require: {known: customer is 'nobody', labelled: labels includes 'x'}",
    "for_each: parts as part\nrequire: {bell: part.name is 'bell'}\nif_none: not_met",
)
# XML 1.0 and terminals: what no report may hold.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)


@cache
def pack_named(name: str) -> Pack:
    if name == "shipped":
        pack = load_pack()  # its records are all that is shipped; a part of its rules is enough
        return replace(pack, rules=pack.rules[::4])
    with tempfile.TemporaryDirectory() as folder:
        return pack_of(Path(folder), *TEXT_RULES)


def kinds() -> list[tuple[str, str]]:
    """Every kind that an input may hold and that some rule judges, with its pack."""
    return [
        (name, kind)
        for name in PACKS
        for kind in pack_named(name).kinds
        if kind not in pack_named(name).gathered
        and any(rule.kind == kind for rule in pack_named(name).rules)
    ]


@dataclass(frozen=True)
class Reports:
    """The reports of one run over the hostile records of a kind."""

    records: list[dict[str, Any]]
    document: dict[str, Any]
    data: bytes
    lines: bytes


@cache
def reports(pack: str, kind: str) -> Reports:
    records = hostile_records(pack_named(pack), kind)
    if pack == "shipped":  # the long texts are tried on the small pack: the page has each often
        records = [record for record in records if len(record["id"]) < 1_000]
    with Spool() as spool:
        run = Engine(pack_named(pack)).run(
            [{**record, "kind": kind} for record in records],
            as_of=date(2026, 1, 1),
            on_findings=spool.add,
        )
        assert run.left_out == ()
        head = bundle_head(run, None)
        data = b"".join(bundle_bytes(head, spool))
        lines = b"".join(spool.findings())
        return Reports(records, bundle_document(head, spool), data, lines)


@pytest.mark.parametrize(("pack", "kind"), kinds())
def test_every_text_fact_of_the_schema_is_hostile(pack: str, kind: str) -> None:
    facts = {
        path
        for path, field in walk_fields(pack_named(pack).kinds[kind].type)
        if field.type.kind is Kind.TEXT
        or (field.type.item is not None and field.type.item.kind is Kind.TEXT)
    }
    for text, record in zip(TEXTS, hostile_records(pack_named(pack), kind)[::2], strict=True):
        found = {
            re.sub(r"/0(?=/|$)", "[]", pointer)[1:].replace("/", ".").removesuffix("[]")
            for pointer, value in text_pointers({**record, "extra": {}}).items()
            if value == text
        }
        assert found == facts


@pytest.mark.parametrize(("pack", "kind"), kinds())
def test_hostile_text_comes_back_from_json_and_ndjson_as_it_is_compared(
    pack: str, kind: str
) -> None:
    made = reports(pack, kind)
    bundle = json.loads(made.data)
    assert bundle == json.loads(json.dumps(made.document))
    assert [record["id"] for record in bundle["records"] if record["kind"] == kind] == [
        normal_text(record["id"]) for record in made.records
    ]
    findings = [json.loads(line) for line in made.lines.splitlines()]
    assert findings == bundle["findings"]
    texts = {normal_text(record["id"]): text_pointers(record) for record in made.records}
    for finding, fact in facts_of(findings):
        known = texts.get(finding["record"], {})
        if fact["pointer"] in known:
            said = known[fact["pointer"]]
            assert fact["value"] == (normal_text(said) if isinstance(said, str) else said)


def facts_of(findings: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every fact with its finding."""
    return [(finding, fact) for finding in findings for fact in finding["facts"]]


def test_every_hostile_text_is_a_fact_of_a_finding() -> None:
    findings = reports("small", "job").document["findings"]
    values = [fact["value"] for _, fact in facts_of(findings)]
    for text, number in Counter(map(normal_text, TEXTS)).items():
        assert values.count(text) == 4 * number  # the customer and the part, false and true
        assert values.count([text]) == 2 * number


@pytest.mark.parametrize(("pack", "kind"), kinds())
def test_hostile_text_is_text_on_the_page(pack: str, kind: str) -> None:
    made = reports(pack, kind)
    html = render_html(made.document, TEMPLATES)
    assert FORBIDDEN.search(html) is None
    assert html.count("<script") == render_html(sample_bundle(records=1), TEMPLATES).count(
        "<script"
    )
    page = read_page(html)
    tags = {item.tag for item in page.within("*")}
    assert tags.isdisjoint({"img", "svg/onload", "iframe", "object", "embed", "base"})
    assert not [item for item in page.within("*") if _acts(item)]
    shown = page.text
    for record in made.records:
        name = " ".join(visible(normal_text(record["id"])).split())[:1_000]
        assert name in shown
    told = {item.text for item in page.within("p", "fact")}
    for finding, fact in facts_of(made.document["findings"]):
        if isinstance(fact["value"], str) and len(fact["value"]) < 1_000:
            text = " ".join(visible(said_text(fact["value"])).split())
            # What is met or does not apply is told by its reason alone.
            assert finding["outcome"] in QUIET_OUTCOMES or any(text in line for line in told)


def _acts(item: Element) -> bool:
    """Whether an element could run something or lead somewhere else than into the page."""
    return any(
        name.startswith("on") or (name in ("href", "src") and not (value or "").startswith("#"))
        for name, value in item.attributes.items()
    )


def test_hostile_text_is_safe_on_one_line_of_a_terminal() -> None:
    for text in TEXTS:
        assert FORBIDDEN.search(one_line(text)) is None
        assert "\n" not in one_line(text)
