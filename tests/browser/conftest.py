"""A browser for the tests, reports to open in it, and a record of everything it asks for."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "report"))

from browser_attacks import hostile_bundle  # noqa: E402 - needs the path above
from report_editions import board_document  # noqa: E402 - the same
from report_sample import sample_bundle  # noqa: E402 - the same

from scr_audit.report import html, rule_views  # noqa: E402 - the same
from scr_audit.report.formats import Look, Templates  # noqa: E402 - the same

LOOK = Look(Templates(ROOT / "reports"))


def missing(what: str) -> None:
    """Skip, or fail where the tests have to run."""
    if os.environ.get("SCR_AUDIT_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what}, and SCR_AUDIT_REQUIRE_BROWSER=1")
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium as the system has it."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        missing("Playwright is not installed")
    chromium = os.environ.get("SCR_AUDIT_CHROMIUM", "/usr/bin/chromium")
    if not Path(chromium).exists():
        missing(f"{chromium} is not there; SCR_AUDIT_CHROMIUM names another")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which looks for what stands in the way of readers."""
    place = os.environ.get("SCR_AUDIT_AXE", "")
    if not Path(place).is_file():
        missing("axe-core is not there; SCR_AUDIT_AXE names its axe.min.js")
    return Path(place).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of reports: `auditor`, `board`, `hostile`, and `split` with pages beside it.

    `small` and `small-split` are for what takes long on many findings.
    """
    folder = tmp_path_factory.mktemp("reports")
    _write(folder, "auditor", sample_bundle())
    _write(folder, "small", sample_bundle(records=6, rules=8))
    _write(folder, "board", board_document())
    _write(folder, "hostile", hostile_bundle())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "FINDINGS_IN_ONE_FILE", 10)
        patch.setattr(rule_views, "FINDINGS_ON_A_PAGE", 30)
        _write(folder, "split", sample_bundle())
        _write(folder, "small-split", sample_bundle(records=6, rules=8))
    return folder


def _write(folder: Path, name: str, bundle: dict[str, Any]) -> None:
    for file, content in html.render(bundle, LOOK, folder / f"{name}.html").items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(content)


@dataclass
class Watched:
    """A page, what it asked for beside itself, and what went wrong on it."""

    page: Any
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@pytest.fixture
def watched(browser: Any, reports: Path) -> Iterator[Any]:
    """Opens reports by name; every request that is not for a page of theirs is stopped and kept.

    Afterwards nothing was asked for, and nothing went wrong.
    """
    contexts, pages = [], []

    def opened(name: str, **options: Any) -> Watched:
        contexts.append(
            browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        )
        found = Watched(contexts[-1].new_page())
        pages.append(found)

        def answer(route: Any) -> None:
            url = route.request.url
            if url.startswith(reports.as_uri()) and url.partition("#")[0].endswith(".html"):
                route.continue_()
                return
            found.asked.append(url)
            route.abort()

        found.page.route("**/*", answer)
        found.page.on("console", lambda said: found.wrong.append(said.text))
        found.page.on("pageerror", lambda error: found.wrong.append(str(error)))
        found.page.on("dialog", lambda box: found.wrong.append(box.message))
        found.page.goto(f"{reports.as_uri()}/{name}")
        return found

    yield opened
    for context in contexts:
        context.close()
    assert [(found.asked, found.wrong) for found in pages] == [([], [])] * len(pages)
