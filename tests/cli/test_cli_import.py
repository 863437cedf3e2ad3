"""`scr-audit import`: what is written, what is printed, and what never is."""

import json
import re
import stat
from pathlib import Path

import census
import pytest
from command_line import scr_audit

SAMPLE = Path(__file__).parents[1] / "data" / "national" / "cin-census-2022-sample.xml"
THROWN_AWAY = (
    "The pseudonyms were made with a random key that was thrown away: another import gives "
    "others. Keep a key with --key FILE to have the same ones again.\n"
)
REPORT = """\
cin-census-2022-sample.xml: 1 record by the mapping cin-census 0.1.0 (Children in need census (XML))

        15  imported
         2  coarsened
             1  ChildIdentifiers/LAchildID, first at Child 1/ChildIdentifiers/LAchildID (line 20)
                The id becomes a pseudonym.
             1  ChildIdentifiers/PersonBirthDate, first at Child 1/ChildIdentifiers/PersonBirthDate (line 24)
                The day of birth identifies the child; its age in whole years at the first referral in the file is kept.
         5  left out because it identifies somebody
             1  ChildIdentifiers/ExpectedPersonBirthDate, first at Child 1/ChildIdentifiers/ExpectedPersonBirthDate (line 25)
                It is nearly the day of birth.
             1  ChildIdentifiers/FormerUPN, first at Child 1/ChildIdentifiers/FormerUPN (line 22)
                A pupil number identifies the child.
             1  ChildIdentifiers/PersonDeathDate, first at Child 1/ChildIdentifiers/PersonDeathDate (line 27)
                A day of death identifies the child.
             1  ChildIdentifiers/UPN, first at Child 1/ChildIdentifiers/UPN (line 21)
                A pupil number identifies the child.
             1  Header/Source/LEA, first at Header/Source/LEA (line 10)
                It names the local authority.
        12  left out because the records have no fact for it
         9  left out because it is not needed
         1  read, and says nothing that a fact could hold
         0  taken back by the sender
         0  not converted, so the fact stays not recorded
         0  unknown to the mapping
"""  # noqa: E501  # as it is printed


def test_the_sample_is_imported_and_reported(tmp_path):
    done = scr_audit("import", SAMPLE, "-o", "cases.json", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (0, REPORT, THROWN_AWAY)
    written = json.loads((tmp_path / "cases.json").read_text("utf-8"))
    assert list(written) == ["about", "cases"]
    assert len(written["cases"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["cases.json"]


def test_the_whole_report_lists_all_that_gave_no_fact(tmp_path):
    done = scr_audit("import", SAMPLE, "-o", "c.json", "--report-unmapped", cwd=tmp_path)
    assert "             1  CINdetails/PrimaryNeedCode, first at " in done.out
    assert "                The records ask for the concern in words.\n" in done.out


def test_a_key_is_made_once_for_its_owner_only_and_gives_the_same_ids_again(tmp_path):
    words = ("import", SAMPLE, "--key", "key.txt", "-o")
    first = scr_audit(*words, "a.json", cwd=tmp_path)
    assert first.err == (
        "key.txt: a new key was made. Whoever has it and knows an id can find its record: keep "
        "it apart from the records.\n"
    )
    key = tmp_path / "key.txt"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert re.fullmatch("[0-9a-f]{64}\n", key.read_text("ascii"))
    second = scr_audit(*words, "b.json", cwd=tmp_path)
    assert (second.code, second.err) == (0, "")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    scr_audit("import", SAMPLE, "-o", "c.json", cwd=tmp_path)
    assert (tmp_path / "a.json").read_bytes() != (tmp_path / "c.json").read_bytes()
    key.chmod(0o644)
    assert "others than you may read this key" in scr_audit(*words, "b.json", cwd=tmp_path).err


def test_no_identifier_is_in_the_output_or_in_a_message(tmp_path):
    them = list(census.children(200))
    text = "".join(census.census(them))
    # values that do not fit are told without showing them
    text = text.replace("<PersonBirthDate>20", "<PersonBirthDate>X20", 40)
    (tmp_path / "census.xml").write_text(text, encoding="utf-8")
    (tmp_path / "api.json").write_text(census.documents(them), encoding="utf-8")
    for source in ("census.xml", "api.json"):
        done = scr_audit("import", source, "-o", "o.json", "--report-unmapped", cwd=tmp_path)
        assert done.code == 0
        everything = done.out + done.err + (tmp_path / "o.json").read_text("utf-8")
        for child in them:
            for identifier in (child.la_id, child.upn, child.postcode):
                assert identifier not in everything
            assert f'"{child.born}"' not in everything or child.born > "2022"
            assert f"X{child.born}" not in everything
        assert "of-nobody" not in everything
        assert "LAID" not in everything


def test_a_bad_file_leaves_nothing_behind(tmp_path):
    (tmp_path / "bad.xml").write_text("<Message><Children><Child></Child>")
    (tmp_path / "o.json").write_text("kept")
    done = scr_audit("import", "bad.xml", "-o", "o.json", "--key", "key.txt", cwd=tmp_path)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("scr-audit: bad.xml: ")
    assert {path.name for path in tmp_path.iterdir()} == {"bad.xml", "o.json"}
    assert (tmp_path / "o.json").read_text() == "kept"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("import", "-", "-o", "o.json"), "-: standard input has no "
         "name that says its format; name the mapping"),
        (("import", "no.xml", "-o", "o.json"), "no.xml: there is no such file"),
        (("import", "a.xml", "-o", "o.csv"), "o.csv: unknown format '.csv'; expected .json, "
         ".ndjson or .jsonl."),
        (("import", "a.json", "-o", "a.json"), "a.json: is one of the files that are read; name "
         "another file"),
        (("import", "a.xml", "-o", "o.json", "--key", "a.xml"), "a.xml: is the file to import; "
         "name another for --key"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(tmp_path, words, message):
    for name in ("a.xml", "a.json"):
        (tmp_path / name).write_text("<Message/>")
    done = scr_audit(*words, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"scr-audit: {message}\n"


@pytest.mark.parametrize("text", ["", "ab" * 31, "ab" * 33, "AB" * 32, "ab" * 31 + "\u00e9\u00e9"])
def test_a_key_that_was_changed_is_refused_and_not_shown(tmp_path, text):
    key = tmp_path / "key.txt"
    key.write_text(text, encoding="utf-8")
    done = scr_audit("import", SAMPLE, "-o", "c.json", "--key", "key.txt", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "scr-audit: key.txt: is no key; expected 64 digits 0-9 and a-f. Name the file of a key "
        "that was made before, or have a new one made\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["key.txt"]
    assert key.read_text(encoding="utf-8") == text


def test_xml_is_read_from_standard_input_where_the_mapping_is_named(tmp_path):
    words = ("import", "-", "-o", "c.json", "--mapping")
    done = scr_audit(*words, "cin-census", cwd=tmp_path, stdin=SAMPLE.read_bytes())
    assert (done.code, done.err) == (0, THROWN_AWAY)
    assert done.out == REPORT.replace(SAMPLE.name, "(standard input)")
    done = scr_audit(*words, "dfe-api", cwd=tmp_path, stdin=b"{}")
    assert (done.code, done.err) == (
        2,
        "scr-audit: -: only XML is read from standard input; name a .json or .ndjson file to "
        "import\n",
    )


def test_lines_are_written_as_lines(tmp_path):
    done = scr_audit("import", SAMPLE, "-o", "cases.ndjson", cwd=tmp_path)
    assert done.code == 0
    (line,) = (tmp_path / "cases.ndjson").read_text("utf-8").splitlines()
    assert json.loads(line)["kind"] == "case"
