"""Samples: how many records, which, and what is kept of the draw."""
