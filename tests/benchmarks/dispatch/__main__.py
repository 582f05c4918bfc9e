"""Run this benchmark: ``make bench-dispatch``."""

from tests.benchmarks.dispatch.benchmark import main

main()
