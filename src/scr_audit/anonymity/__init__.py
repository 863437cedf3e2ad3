"""What tells who a record is about: found, and taken out.

anonymise([{"id": "C01", "note": "seen by Dr Smith"}], pack).by_list(pack)
"""

from typing import TYPE_CHECKING

from scr_audit._lazy import lazy_exports

if TYPE_CHECKING:
    from scr_audit.anonymity.fixes import (
        Anonymised,
        anonymise,
        anonymise_record,
        anonymised_file,
        fixes_file,
        pseudonym,
    )
    from scr_audit.anonymity.gate import Gate, IdentifiersFoundError

__all__ = [
    "Anonymised", "Gate", "IdentifiersFoundError", "anonymise", "anonymise_record",
    "anonymised_file", "fixes_file", "pseudonym",
]  # fmt: skip

__getattr__ = lazy_exports(
    __name__,
    {
        "fixes": "Anonymised anonymise anonymise_record anonymised_file fixes_file pseudonym",
        "gate": "Gate IdentifiersFoundError",
    },
)
