"""Packs: the authored files, read with positions and checked as a whole."""
