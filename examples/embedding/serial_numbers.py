"""An operator registered from Python, and what happens where it fails.

Rule files cannot define operators; a program can, before it loads the pack.
"""

from __future__ import annotations

from pathlib import Path

import scr_audit
from scr_audit.language.types import Kind


def matches_serial_format(serial: str) -> bool:
    """FE, four digits, and their sum: FE-4107-12."""
    letters, digits, total = serial.split("-")  # the bug: there may be more or fewer parts
    return letters == "FE" and sum(int(digit) for digit in digits) == int(total)


scr_audit.register_operator(
    scr_audit.Operator(
        name="matches serial format",
        subjects=frozenset({Kind.TEXT}),
        objects="none",
        sentence="The text is FE, four digits and their sum, with hyphens between.",
        example="serial matches serial format",
        test=matches_serial_format,
        code="",  # the compiled rules call `test`
    )
)


def main() -> None:
    """Judge four labels."""
    engine = scr_audit.compile_pack(scr_audit.load_pack(Path(__file__).parent / "serial-numbers"))
    for number, serial in enumerate(["FE-4107-12", "FE-4107-13", None, "FE4107"]):
        (finding,) = engine.evaluate({"id": f"E{number}", "serial": serial})
        print(f"{serial or '(unreadable)'}: {finding.outcome}\n    {finding.reason}")


if __name__ == "__main__":
    main()
