"""Run this benchmark: ``make bench-desk``."""

from tests.benchmarks.desk.benchmark import main

main()
