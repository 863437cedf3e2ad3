"""What is installed where, and the command that fits the environment."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scr_audit.installation import EXTRAS, Environment, environment, install_command

PYTHON = Path("/elsewhere/bin/python")
OF_DEVELOPERS = {"auditor", "bench", "dev", "test"}


def test_every_extra_that_people_install_is_told_with_its_libraries() -> None:
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    assert {
        name: tuple(
            re.split(r"[>\[]", each)[0] for each in wanted if not each.startswith("scr-audit")
        )
        for name, wanted in extras.items()
        if name not in OF_DEVELOPERS
    } == {name: extra.libraries for name, extra in EXTRAS.items()}
    of_auditor = sorted(name for name, extra in EXTRAS.items() if extra.of_auditor)
    assert extras["auditor"] == [f"scr-audit[{','.join(of_auditor)}]"]


@pytest.mark.parametrize(
    ("marker", "has_pip", "words", "command"),
    [
        ("pyvenv.cfg", True, "the virtual environment",
         "/elsewhere/bin/python -m pip install 'scr-audit[word]'"),
        ("pyvenv.cfg", False, "the virtual environment",
         "uv pip install --python /elsewhere/bin/python 'scr-audit[word]'"),
        ("pipx_metadata.json", False, "the environment of pipx at",
         "pipx inject scr-audit docxtpl typst"),
        ("conda-meta/history", True, "the conda environment",
         "/elsewhere/bin/python -m pip install 'scr-audit[word]'"),
        ("bin/python", True, "the Python at",
         "/elsewhere/bin/python -m pip install 'scr-audit[word]'"),
    ],
)  # fmt: skip
def test_the_command_is_that_of_the_program_that_made_the_environment(
    marker: str, has_pip: bool, words: str, command: str, tmp_path: Path
) -> None:
    (tmp_path / marker).parent.mkdir(exist_ok=True)
    (tmp_path / marker).write_text("home = /usr/bin\nuv = 0.9.1\n")
    found = environment(tmp_path, PYTHON, has_pip=has_pip)
    assert found.words == f"{words} {tmp_path}"
    assert install_command(["word"], found) == command


def test_a_tool_of_uv_keeps_the_extras_that_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uv-receipt.toml").touch()
    monkeypatch.setattr(
        "scr_audit.installation.is_installed", lambda extra: "lxml" in extra.libraries
    )
    command = install_command(["auditor"], environment(tmp_path, PYTHON))
    assert command.startswith("uv tool install 'scr-audit[auditor,xml]")


def test_a_python_of_the_system_is_left_alone() -> None:
    system = Environment("system", "the Python of the system, /usr", PYTHON)
    assert install_command(["auditor"], system) == "pipx install 'scr-audit[auditor]'"


def test_python_is_named_from_where_the_command_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = Environment("pip", "", tmp_path / ".venv" / "bin" / "python")
    assert install_command(["pdf"], here) == ".venv/bin/python -m pip install 'scr-audit[pdf]'"
