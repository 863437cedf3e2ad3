"""Actions: what an office set itself to do, and whether it worked. Values and pure functions."""
