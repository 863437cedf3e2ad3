"""Two evaluators with one meaning: the interpreter explains, the compiled program decides."""
