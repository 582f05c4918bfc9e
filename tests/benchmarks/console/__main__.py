"""Run this benchmark: ``make bench-console``."""

from tests.benchmarks.console.benchmark import main

main()
