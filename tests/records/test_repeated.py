"""Two items of a list that are the same in every fact are told, however they were written."""

from __future__ import annotations

from typing import Any

import pytest
from small_pack import SMALL_PACK

from scr_audit.packs.load import load_folder
from scr_audit.records.decode import decoder_of
from scr_audit.runs.batch import repeated_items

DECODER = decoder_of(load_folder(SMALL_PACK))


def told(parts: list[dict[str, Any]], **more: Any) -> list[str]:
    record = {"id": "J1", "parts": parts, **more}
    typed = DECODER.from_raw(record, "job")
    imprecise = type(typed) is DECODER.kinds["job"].imprecise
    return list(repeated_items(typed, imprecise=imprecise))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "bell", "worn": False}, {"worn": False, "name": "bell", "fitted": None}),
        ({"name": "Caf\u00e9"}, {"name": " Cafe\u0301"}),
        ({"name": "a", "fitted_on": "2026-01-01"}, {"name": "a", "fitted_on": "01/01/2026 "}),
        ({"name": "a", "fitted_on": "2026-01"}, {"name": "a", "fitted_on": "2026-01"}),
        ({"name": "a", "checks": [{"passed": True}]}, {"name": "a", "checks": [{"passed": True}]}),
    ],
)
def test_the_same_item_is_told_however_it_was_written(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert told([one, {"name": "fork"}, other]) == [
        "/parts: item 1 and item 3 are the same in every fact; both are judged. If they are one "
        "thing, keep one of them"
    ]


def test_so_are_items_in_items_and_many_with_the_first_like_them() -> None:
    check = {"on": "2026-01-01"}
    [inner] = told([{"name": "bell", "checks": [check, check]}])
    assert inner.startswith("/parts/0/checks: item 1 and item 2 are the same")
    many = [{"name": f"part {number % 60}"} for number in range(62)]
    assert [text.split(" are ")[0] for text in told(many)] == [
        "/parts: item 1 and item 61", "/parts: item 2 and item 62"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [
        [{"name": "bell"}, {"name": "bell", "worn": False}],
        [{"name": "a", "fitted_on": "2026"}, {"name": "a", "fitted_on": "2026-01"}],
        [{"name": "a", "checks": [{}, {}]}],
        [],
    ],
)
def test_what_differs_and_what_records_nothing_is_not(parts: list[dict[str, Any]]) -> None:
    assert told(parts) == []


def test_items_are_told_by_where_they_were_read_if_that_tells_them_apart() -> None:
    def said(*places: str) -> str:
        origins = {f"/parts/{n}": {"file": "f.xlsx", "place": p} for n, p in enumerate(places)}
        return told([{"name": "bell"}, {"name": "bell"}], provenance=origins)[0].split(" are ")[0]

    assert said("parts!A7", "parts!A8") == "/parts: f.xlsx, parts!A7 and f.xlsx, parts!A8"
    assert said("/0", "/0") == said("/0") == "/parts: item 1 and item 2"
