"""Sentences in which identifiers are hidden, and ordinary ones that hold none.

`tuned` was at hand while the patterns were made; `held_out` was written before them and not looked
at while they were made. In both, `{x}` is where the identifier goes, and the other braces are
filled by `benchmarks.identifiers`.
"""
