# `make check` runs what decides whether a change lands; the other targets are parts of it.
.PHONY: check test docs bench board-paper golden golden-compare

check:
	bash .ci/run

test:
	python -m pytest

docs:
	python docs/generate.py

bench:
	python -m benchmarks

# The shipped Word template, made anew; what was edited in Word since is lost.
board-paper:
	python docs/generator/board_paper.py

# What the program gives, as sums: written before a restructuring, compared after it.
golden:
	python tests/golden write

golden-compare:
	python tests/golden compare
