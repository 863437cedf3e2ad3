# `make check` runs what decides whether a change lands; the other targets are parts of it.
.PHONY: check test docs bench

check:
	bash .ci/run

test:
	python -m pytest

docs:
	python docs/generate.py

bench:
	python -m benchmarks
