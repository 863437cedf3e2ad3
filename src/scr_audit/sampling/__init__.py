"""Samples: how many records, which, and what is kept of the draw.

sample = draw("cases.json", "quarterly-conference-plan", seed="said before",
              wanted=Wanted(size=20))
sample.document.drawn    # the ids, in the order in which they were drawn
"""

from scr_audit.documents.sample import sample_bytes
from scr_audit.sampling.random_draw import FrameError, IncompleteFrameError
from scr_audit.sampling.sample_document import read_sample
from scr_audit.sampling.samples import (
    Redrawn,
    Sample,
    SampleRecords,
    Wanted,
    draw,
    records_file,
    redraw,
    replace,
    sample_records,
)

__all__ = [
    "FrameError",
    "IncompleteFrameError",
    "Redrawn",
    "Sample",
    "SampleRecords",
    "Wanted",
    "draw",
    "read_sample",
    "records_file",
    "redraw",
    "replace",
    "sample_bytes",
    "sample_records",
]
