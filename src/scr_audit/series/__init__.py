"""Runs beside each other: two compared, and many in the order of time."""
