"""Where a pack is: the time zone of its records, and the calendar of its working days."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_pack import located, pack_files, problems_of, rule_file, write_pack

from scr_audit.engine import Engine
from scr_audit.errors import PackError
from scr_audit.packs.load import load_folder
from scr_audit.packs.pack import Pack, with_parent

FILE = "pack.yaml"
NO_ZONE = "is not one of the time zones. Expected a name such as Europe/London."
SOON = rule_file("require:\n  soon: returned_on within 1 working days after booked_on")
HOURS = rule_file("require:\n  soon: closed_at within 24 hours after opened_at")


def small_pack(folder: Path, rules: str, added: str = "") -> Pack:
    text = pack_files()[FILE].replace("licence: MIT", f"licence: MIT{added}")
    return load_folder(write_pack(folder, {FILE: text, "rules/1.yaml": rules}))


@pytest.mark.parametrize(
    ("line", "offset", "message"),
    [
        (
            "time_zone: Europe/Lodnon",
            11,
            "'Europe/Lodnon' is not one of the time zones. Did you mean 'Europe/London'?",
        ),
        ("time_zone: ../etc", 11, f"'../etc' {NO_ZONE}"),
        *(
            (f"time_zone: {name}", 11, f"'{name}' {NO_ZONE}")
            for name in ("localtime", "posixrules", "Factory", "BST")
        ),
        (
            "calendar: England",
            10,
            "'England' is not one of the calendars of the library holidays. Expected a name "
            "such as GB-ENG.",
        ),
        (
            "calendar: GB-EGN",
            10,
            "'GB-EGN' is not one of the calendars of the library holidays. Did you mean 'GB-ENG'?",
        ),
    ],
)
def test_what_nobody_knows_is_refused(tmp_path: Path, line: str, offset: int, message: str) -> None:
    text = pack_files()[FILE].replace("licence: MIT", f"licence: MIT\n{line}")
    assert problems_of(tmp_path, {FILE: text}) == located(
        FILE, text, (9, 1), message, offset=offset
    )


@pytest.mark.parametrize(
    ("added", "outcome"),
    [
        ("", "not_met"),  # the Monday was a working day in England
        ("\ncalendar: FR", "met"),  # and All Saints' Day in France
        ("\ncalendar: EG", "not_met"),  # where the Sunday is a working day
    ],
)
def test_working_days_are_those_of_the_packs_calendar(
    tmp_path: Path, added: str, outcome: str
) -> None:
    pack = small_pack(tmp_path, SOON, added)
    record = {"id": "a", "booked_on": "2027-10-29", "returned_on": "2027-11-02"}
    [finding] = Engine(pack).evaluate(record)
    assert finding.outcome == outcome


# The clocks of London and Paris were put on in the night to 29 March 2026, those of New York three
# weeks before.
@pytest.mark.parametrize(
    ("zone", "closed", "outcome"),
    [
        ("Europe/London", "2026-03-29T13:00", "met"),
        ("Europe/London", "2026-03-29T13:01", "not_met"),
        ("Europe/London", "2026-03-29T12:00Z", "met"),
        ("Europe/London", "2026-03-29T12:01Z", "not_met"),
        ("America/New_York", "2026-03-29T12:00", "met"),
        ("America/New_York", "2026-03-29T13:00", "not_met"),
        ("America/New_York", "2026-03-29T17:00+01:00", "met"),
        ("Europe/London", "2026-03-29T01:30", "met"),  # never shown, and in time either way
    ],
)
def test_hours_pass_by_the_clocks_of_the_packs_time_zone(
    tmp_path: Path, zone: str, closed: str, outcome: str
) -> None:
    engine = Engine(small_pack(tmp_path, HOURS, f"\ntime_zone: {zone}"))
    record = {"id": "a", "opened_at": "2026-03-28T12:00", "closed_at": closed}
    [finding] = engine.evaluate(record)
    assert finding.outcome == outcome


LATER = """\
id: later
version: 0.1.0
title: Later demands
extends: bicycle-workshop
source: {title: A later handbook}
licence: MIT
calendar: FR
"""


def extending(folder: Path, text: str) -> Path:
    small_pack(folder / "bicycle-workshop", SOON)
    (folder / "later" / "rules").mkdir(parents=True)
    (folder / "later" / FILE).write_text(text, encoding="utf-8")
    rules = SOON.replace("id: one", "id: later-one")
    (folder / "later" / "rules" / "1.yaml").write_text(rules, encoding="utf-8")
    return folder / "later"


def test_of_two_packs_judged_together_each_rule_counts_by_its_own_calendar(tmp_path: Path) -> None:
    pack = with_parent(load_folder(extending(tmp_path, LATER)))
    record = {"id": "a", "booked_on": "2027-10-29", "returned_on": "2027-11-02"}
    outcomes = {found.rule: found.outcome for found in Engine(pack).evaluate(record)}
    assert outcomes == {"one": "not_met", "later-one": "met"}


def test_the_time_zone_is_that_of_the_records_and_so_of_the_pack_that_has_them(
    tmp_path: Path,
) -> None:
    text = LATER.replace("calendar: FR", "time_zone: Europe/Paris")
    with pytest.raises(PackError) as caught:
        load_folder(extending(tmp_path, text))
    message = (
        "the records are those of the pack 'bicycle-workshop', and so is their time zone: "
        "Europe/London; leave this out"
    )
    expected = located(FILE, text, (7, 12), message)
    assert str(caught.value).replace(f"{tmp_path / 'later'}/", "") == expected
