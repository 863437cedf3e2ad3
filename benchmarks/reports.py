"""The HTML report of many findings: how large it is, how fast it opens in Chromium and filters.

`python -m benchmarks.reports [FINDINGS]` makes records that have about so many findings (100,000
if nothing is said), writes the report, and opens it from its file with the network blocked. The
figures are the medians of three openings; the browser is `SCR_AUDIT_CHROMIUM` or Debian's.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.records import generate
from scr_audit import compile_pack, load_pack
from scr_audit.packs.builtin import shipped
from scr_audit.report.formats import Look, Templates, render_report
from scr_audit.runs.bundle import Spool, bundle_document, bundle_head

BROWSER = os.environ.get("SCR_AUDIT_CHROMIUM", "/usr/bin/chromium")
FINDINGS = 100_000
A_RECORD = 120  # findings that a generated record gives, about
FILTERS = (("severity", "high"), ("text", "police"), ("agency", "LSCB"))
OPENINGS = 3
_LOADED = """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(
    performance.getEntriesByType('navigation')[0].loadEventEnd))))"""
_FILTERED = """([name, value]) => new Promise(done => {
    const form = document.getElementById('filter'), start = performance.now();
    form.elements.namedItem(name).value = value;
    form.dispatchEvent(new Event('change'));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


def bundle(findings: int) -> dict[str, Any]:
    """A run bundle with about this many findings, of records drawn with a fixed seed."""
    engine = compile_pack(load_pack())
    with Spool() as spool:
        records = generate(max(1, round(findings / A_RECORD)), 5)
        run = engine.run(records, as_of=date(2026, 1, 1), on_findings=spool.add)
        return bundle_document(bundle_head(run), spool)


def write(found: dict[str, Any], folder: Path) -> Path:
    """The report and its pages in `folder`; says how large they are and how long it took."""
    path = folder / "report.html"
    look = Look(Templates(shipped("reports")))
    start = time.perf_counter()
    files = render_report(found, path, look)
    took = time.perf_counter() - start
    sizes = {name: len(content) for name, content in files.items()}
    main = sizes.pop(path.name)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"findings          {len(found['findings']):,}")
    print(f"rendered in       {took:.1f} s, peak memory {peak:.0f} MB with the bundle")
    print(f"report.html       {main / 1e6:.1f} MB")
    print(f"pages beside it   {len(sizes)}, {sum(sizes.values()) / 1e6:.1f} MB, "
          f"the largest {max(sizes.values(), default=0) / 1e6:.1f} MB")  # fmt: skip
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return path


def browse(path: Path) -> None:
    """Open the report several times; says how long opening and each filter took."""
    from playwright.sync_api import sync_playwright

    opened, filtered = [], {choice: [] for choice in FILTERS}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        for _ in range(OPENINGS):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.route("http*://**", lambda route: route.abort())
            page.goto(path.as_uri())
            opened.append(page.evaluate(_LOADED))
            for choice in FILTERS:
                filtered[choice].append(page.evaluate(_FILTERED, list(choice)))
            page.close()
    print(f"opens in          {median(opened) / 1000:.2f} s")
    for (name, value), took in filtered.items():
        print(f"filter {name:<10} {median(took) / 1000:.2f} s ({value})")


def main() -> None:
    findings = int(sys.argv[1]) if len(sys.argv) > 1 else FINDINGS
    found = bundle(findings)
    with tempfile.TemporaryDirectory() as folder:
        browse(write(found, Path(folder)))


if __name__ == "__main__":
    main()
