"""Which characters the fonts of a PDF lack: PDF/UA refuses a text that it cannot show."""

import json
import re
from pathlib import Path
from typing import Any

import typst

# How Typst reports it; the text stands as Rust writes texts for programmers.
_REPORTED = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_HEAD = '#set document(title: "probe")\n#for item in json(bytes(sys.inputs.items)) { par(item) }'


def missing_glyphs(characters: frozenset[str], fonts: Path) -> frozenset[str]:
    """Those of `characters` that neither Typst's own fonts nor those in the folder can show.

    Asks Typst, so that it holds for whichever fonts the installed version carries.
    """
    asked = sorted(character for character in characters if ord(character) > 0x7E)
    missing: frozenset[str] = frozenset()
    while left := [character for character in asked if character not in missing]:
        refused = _refused(left, fonts) & frozenset(left)
        if not refused:
            break
        missing |= refused
    return missing


def _refused(characters: list[str], fonts: Path) -> frozenset[str]:
    # Its types want folders of the type of the source, which is none.
    compiler = typst.Compiler(  # type: ignore[misc]
        _HEAD.encode(),
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"items": json.dumps(characters, ensure_ascii=False)},
    )
    try:
        compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    except typst.TypstError as error:
        # Where the message cannot be read, none of them is trusted.
        return undisplayed(error) or frozenset(characters)
    return frozenset()


def undisplayed(error: Any) -> frozenset[str]:
    """The characters, other than plain ASCII, that Typst says it could not show."""
    texts = _REPORTED.findall(f"{error.message}\n{error.diagnostic}")
    decoded = (_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) for text in texts)
    return frozenset(character for text in decoded for character in text if ord(character) > 0x7E)


def written_out(value: Any, lacking: frozenset[str]) -> Any:
    """`value` with each lacking character of its texts as its number, such as `[U+1F600]`."""
    if isinstance(value, str):
        return "".join(
            f"[U+{ord(character):04X}]" if character in lacking else character
            for character in value
        )
    if isinstance(value, list):
        return [written_out(item, lacking) for item in value]
    if isinstance(value, dict):
        return {name: written_out(item, lacking) for name, item in value.items()}
    return value
