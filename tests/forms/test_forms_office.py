"""LibreOffice keeps a form a form: its drop-downs, its hidden sheet, and what was answered."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from form_filling import CONFERENCE_PLAN, answers, form_of, saved

from scr_audit import load_pack
from scr_audit.forms.filled_form import read_form
from scr_audit.plans.pack_of_plan import apply_plan
from scr_audit.plans.plan import load_plan

OFFICE = shutil.which("soffice")
REQUIRED = os.environ.get("SCR_AUDIT_REQUIRE_OFFICE") == "1"
pytestmark = pytest.mark.skipif(
    OFFICE is None and not REQUIRED,
    reason="LibreOffice (soffice) is missing; SCR_AUDIT_REQUIRE_OFFICE=1 makes this a failure",
)
PACK = apply_plan(load_pack(), load_plan(CONFERENCE_PLAN))
RECORD = {
    "id": "R1",
    "people": [{"relationship": "mother", "is_parent_or_carer": True}],
    "conferences": [{"date": "2010-02-03", "on_bail": False}, {"date": "2010"}],
}


def drop_downs(path: Path) -> set[tuple[str, str]]:
    """The sheets of a workbook that have drop-downs, and the columns of words they show."""
    with zipfile.ZipFile(path) as archive:
        names = re.findall(r'<sheet name="([^"]*)"', archive.read("xl/workbook.xml").decode())
        found = set()
        for number, name in enumerate(names, 1):
            text = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            for words in re.findall(r"<formula1>=?'?Words'?!(\$[A-Z]+\$\d+)", text):
                found.add((name, words))
    return found


def test_a_form_saved_by_libreoffice_keeps_its_drop_downs_and_is_read(tmp_path: Path) -> None:
    assert OFFICE is not None, "SCR_AUDIT_REQUIRE_OFFICE=1, but soffice is not installed"
    form = form_of(PACK, "case")
    path = saved(tmp_path / "form.xlsx", form, answers(form.layout, RECORD))
    subprocess.run(
        [OFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "xlsx", "--outdir", str(tmp_path / "made"), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    made = tmp_path / "made" / "form.xlsx"
    assert drop_downs(path)
    assert drop_downs(made) == drop_downs(path)
    before, after = (read_form(one, PACK).record for one in (path, made))
    assert after == before
