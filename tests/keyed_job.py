"""The small pack's record kind with a word on which of its parts are the same thing."""

from dataclasses import replace

from small_pack import SMALL_PACK

from scr_audit.language.types import FactType
from scr_audit.packs.load import load_folder


def keyed_job() -> FactType:
    """A job whose parts are the same by their name and the day on which they were fitted."""
    job = load_folder(SMALL_PACK).kinds["job"].type
    parts = job.fields["parts"]
    assert parts.type.item is not None
    item = replace(parts.type.item, same_by=(("name",), ("fitted_on",)))
    keyed = replace(parts, type=replace(parts.type, item=item))
    return replace(job, fields={**job.fields, "parts": keyed})
