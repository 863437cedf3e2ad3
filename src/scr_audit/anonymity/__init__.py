"""What tells who a record is about: found, and taken out.

anonymise([{"id": "C01", "note": "seen by Dr Smith"}], pack).by_list(pack)
"""

from typing import TYPE_CHECKING

from scr_audit._lazy import lazily

if TYPE_CHECKING:
    from scr_audit.anonymity.fixes import anonymise_record, pseudonym
    from scr_audit.anonymity.gate import Gate, IdentifiersFoundError
    from scr_audit.anonymity.records import Anonymised, anonymise, anonymised_file, fixes_file

__all__ = [
    "Anonymised", "Gate", "IdentifiersFoundError", "anonymise", "anonymise_record",
    "anonymised_file", "fixes_file", "pseudonym",
]  # fmt: skip

__getattr__ = lazily(
    __name__,
    {
        "fixes": "anonymise_record pseudonym",
        "gate": "Gate IdentifiersFoundError",
        "records": "Anonymised anonymise anonymised_file fixes_file",
    },
)
