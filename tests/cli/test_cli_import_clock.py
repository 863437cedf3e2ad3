"""The clock of the initial conference, from both national sources to the verdicts of both packs.

What is expected is reasoned here from the source, the calendar and the rules' texts. Bank holidays
around the days used: 1, 8 and 29 May 2023, 29 March and 1 April 2024. So of 2 May 2023, a Tuesday:

- 15 working days after it is 24 May: 3 to 5 May are three, 9 to 12 May seven, 15 to 19 May twelve,
- 45 working days after it is 6 July: 26 May is the 17th, 2 June the 21st, 30 June the 41st.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from command_line import scr_audit

CENSUS = """\
<Message>
<Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>
<ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails></Header>
<Children><Child><ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers><CINdetails>
<CINreferralDate>2023-05-02</CINreferralDate><ReferralSource>6</ReferralSource>
<Assessments><AssessmentActualStartDate>2023-05-02</AssessmentActualStartDate>
<AssessmentAuthorisationDate>2023-07-06</AssessmentAuthorisationDate></Assessments>
<Assessments><AssessmentActualStartDate>2023-05-02</AssessmentActualStartDate>
<AssessmentAuthorisationDate>2023-07-07</AssessmentAuthorisationDate></Assessments>
<Section47><S47ActualStartDate>2023-05-02</S47ActualStartDate>
<InitialCPCtarget>2023-05-24</InitialCPCtarget>
<DateOfInitialCPC>2023-05-24</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></Section47>
<Section47><S47ActualStartDate>2023-05-02</S47ActualStartDate>
<DateOfInitialCPC>2023-05-25</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></Section47>
<Section47><S47ActualStartDate>2023-10-02</S47ActualStartDate>
<ICPCnotRequired>true</ICPCnotRequired></Section47>
<Section47><S47ActualStartDate>2024-03-18</S47ActualStartDate>
<InitialCPCtarget>2024-04-10</InitialCPCtarget><ICPCnotRequired>false</ICPCnotRequired></Section47>
<ReferralNFA>false</ReferralNFA>
</CINdetails></Child></Children></Message>
"""
DOCUMENT = {
    "la_child_id": "A1",
    "social_care_episodes": [
        {
            "referral_date": "2023-05-02",
            "section_47_assessments": [
                {"start_date": "2023-05-02", "icpc_required_flag": True,
                 "icpc_date": "2023-05-24", "end_date": "2023-05-24"},
                {"start_date": "2023-05-02", "icpc_required_flag": True,
                 "icpc_date": "2023-05-25", "end_date": "2023-08-01"},
                {"start_date": "2023-10-02", "icpc_required_flag": False,
                 "end_date": "2023-10-10"},
                {"start_date": "2024-03-18", "icpc_required_flag": True},
                {"start_date": "2024-03-18"},
            ],
        }
    ],
}  # fmt: skip

CLOCK = "wt-initial-conference-in-time"
VISITS = "visiting-before-conference-stated"
DECIDED = "conference-decision-made"
TOGETHER = "conference-decision-shared"
ENDED = "section-47-in-time"
# Neither source says how often the child was visited, nor who took part in the decision.
OPEN = {VISITS: "not_evidenced", TOGETHER: "not_evidenced"}
EXPECTED_OF_CENSUS = [
    # Held on the fifteenth working day: so somebody had decided on it.
    {CLOCK: "met", DECIDED: "met", **OPEN},
    # A working day late.
    {CLOCK: "not_met", DECIDED: "met", **OPEN},
    # No conference required: somebody decided so (5.9.9), no clock runs (WT.4), and there is no
    # time until a conference for which visits could be planned (5.9.3).
    {CLOCK: "not_applicable", DECIDED: "met", VISITS: "not_applicable",
     TOGETHER: "not_evidenced"},
    # Begun in the last days of the census. `false` may only mean that nobody has decided yet.
    {CLOCK: "not_evidenced", DECIDED: "not_evidenced", **OPEN},
]  # fmt: skip
EXPECTED_OF_API = [
    # The day of closing may be any time after the enquiry was completed (5.9.10), even where it is
    # late, so it tells neither way.
    {CLOCK: "met", DECIDED: "met", ENDED: "not_evidenced", **OPEN},
    {CLOCK: "not_met", DECIDED: "met", ENDED: "not_evidenced", **OPEN},
    # No conference required: as for the census.
    {CLOCK: "not_applicable", DECIDED: "met", ENDED: "not_evidenced", VISITS: "not_applicable",
     TOGETHER: "not_evidenced"},
    # Required, but the day on which it was held, if it was, is not in the document.
    {CLOCK: "not_evidenced", DECIDED: "met", ENDED: "not_evidenced", **OPEN},
    # The document has only the day of its start.
    {CLOCK: "not_evidenced", DECIDED: "not_evidenced", ENDED: "not_evidenced", **OPEN},
]  # fmt: skip


def verdicts(folder: Path, source: str) -> list[dict[str, Any]]:
    """The findings of both shipped packs on what is imported from a file."""
    done = scr_audit("import", source, "-o", "records.ndjson", cwd=folder)
    assert done.code == 0
    assert "         0  not converted" in done.out
    words = ("run", "records.ndjson", "--as-of", "2024-06-03", "-o", "run.json", "--quiet")
    done = scr_audit(*words, cwd=folder)
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = json.loads((folder / "run.json").read_text("utf-8"))["findings"]
    return found


def of_enquiry(found: list[dict[str, Any]], number: int, rules: dict[str, str]) -> dict[str, str]:
    unit = f"/section_47_enquiries/{number}"
    return {x["rule"]: x["outcome"] for x in found if x["unit"] == unit and x["rule"] in rules}


def test_the_census_gives_each_enquiry_its_verdicts(tmp_path: Path) -> None:
    (tmp_path / "census.xml").write_text(CENSUS, encoding="utf-8")
    found = verdicts(tmp_path, "census.xml")
    for number, expected in enumerate(EXPECTED_OF_CENSUS):
        assert of_enquiry(found, number, expected) == expected, number
    assessments = {x["unit"]: x["outcome"] for x in found if x["rule"] == "wt-assessment-in-time"}
    assert assessments == {"/assessments/0": "met", "/assessments/1": "not_met"}


def test_the_api_gives_each_enquiry_its_verdicts(tmp_path: Path) -> None:
    (tmp_path / "child.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    found = verdicts(tmp_path, "child.json")
    for number, expected in enumerate(EXPECTED_OF_API):
        assert of_enquiry(found, number, expected) == expected, number


def test_nothing_is_held_against_anybody_that_the_sources_do_not_tell(tmp_path: Path) -> None:
    (tmp_path / "census.xml").write_text(CENSUS, encoding="utf-8")
    (tmp_path / "child.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    not_met = {
        (source, x["rule"], x["unit"])
        for source in ("census.xml", "child.json")
        for x in verdicts(tmp_path, source)
        if x["outcome"] in ("not_met", "error")
    }
    assert not_met == {
        ("census.xml", CLOCK, "/section_47_enquiries/1"),
        ("census.xml", "wt-assessment-in-time", "/assessments/1"),
        ("child.json", CLOCK, "/section_47_enquiries/1"),
    }
