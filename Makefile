# `make check` runs what decides whether a change lands; the other targets are parts of it.
.PHONY: check test docs bench board-paper

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
