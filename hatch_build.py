"""Builds the compiled packs that ship in the wheel, so that no installed run reads YAML first."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledPacks(BuildHookInterface[Any]):
    """Adds a compiled pack for each folder of `rules/`; an editable install has none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the packs into a temporary folder and name them to the wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from scr_audit.packs.load import load_folder

        self._made = TemporaryDirectory()
        for folder in sorted(path.parent for path in (root / "rules").glob("*/pack.yaml")):
            made = Path(self._made.name) / f"{folder.name}.pack"
            made.write_bytes(load_folder(folder).to_bytes())
            build_data["force_include"][str(made)] = f"scr_audit/_data/compiled/{made.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        if version != "editable":
            self._made.cleanup()
