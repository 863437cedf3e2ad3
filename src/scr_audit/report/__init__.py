"""Reports: what a run bundle says, rendered for readers. Every format carries the same totals.

Importing this package imports no template or terminal library; `html` and `terminal` do.
"""
