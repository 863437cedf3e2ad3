"""The values that facts have: imprecise dates, and the calendar they are counted on."""
