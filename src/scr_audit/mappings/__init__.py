"""National data made into records by mapping files, without what identifies anybody.

work = open_import("census.xml", load_pack(), key=read_key(Path("office.key")))
for record in work.records():
    ...
work.tally    # what became of each element of the source
"""

from typing import TYPE_CHECKING

from scr_audit._lazy import lazy_exports

if TYPE_CHECKING:
    from scr_audit.mappings.conversions import Key, random_key, read_key, write_new_key
    from scr_audit.mappings.importer import Import, open_import, record_file
    from scr_audit.mappings.mapping import ImportMapping
    from scr_audit.mappings.mapping_loader import load_mapping, mapping_files
    from scr_audit.mappings.tally import Fate, Tally, report_lines

__all__ = [
    "Fate", "Import", "ImportMapping", "Key", "Tally", "load_mapping", "mapping_files",
    "open_import", "random_key", "read_key", "record_file", "report_lines", "write_new_key",
]  # fmt: skip

__getattr__ = lazy_exports(
    __name__,
    {
        "conversions": "Key random_key read_key write_new_key",
        "importer": "Import open_import record_file",
        "mapping_loader": "load_mapping mapping_files",
        "mapping": "ImportMapping",
        "tally": "Fate Tally report_lines",
    },
)
