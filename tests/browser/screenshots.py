"""Makes the pictures of the report that the documentation shows.

python tests/browser/screenshots.py REPORT.html docs/images
"""

import os
import sys
from pathlib import Path

_WIDTHS = {"desktop": 1280, "phone": 390}
_HEIGHT = 900


def main(report: Path, folder: Path) -> None:
    """Write the summary at both widths, and the filter and a finding at the wide one."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("SCR_AUDIT_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, width in _WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": _HEIGHT})
            page.goto(report.resolve().as_uri())
            page.screenshot(path=folder / f"report-{name}.png")
            page.goto(f"{report.resolve().as_uri()}#outcome=not_met&severity=high")
            page.locator("#filter").scroll_into_view_if_needed()
            page.evaluate("document.getElementById('filter').scrollIntoView()")
            page.screenshot(path=folder / f"report-{name}-filter.png")
            page.locator("#results tbody a").first.click()
            page.screenshot(path=folder / f"report-{name}-finding.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
