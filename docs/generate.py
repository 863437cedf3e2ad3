"""Write the generated documentation: `python docs/generate.py`.

With `--check` nothing is written; the exit code is 1 if a file is not what it must be.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generator.answers import RefusedError
from generator.page import ROOT, generated


def stale() -> list[Path]:
    """The generated files that are missing or differ from what they must hold."""
    return [path for path, text in generated().items() if _held(path) != text]


def write() -> list[Path]:
    """Write the files that are stale; those that were."""
    wanted = generated()
    old = [path for path, text in wanted.items() if _held(path) != text]
    for path in old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8", newline="\n")
    return old


def _held(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main(arguments: list[str]) -> int:
    """Write or check; the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python docs/generate.py [--check]\n")
        return 2
    check = bool(arguments)
    try:
        files = stale() if check else write()
    except RefusedError as error:
        sys.stderr.write(f"an example of the documentation is wrong: {error}\n")
        sys.stderr.write("The facts of the examples are in docs/generator/pack/records.yaml\n")
        return 1
    for path in files:
        word = "is stale; run: python docs/generate.py" if check else "written"
        sys.stdout.write(f"{path.relative_to(ROOT)} {word}\n")
    return 1 if check and files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
