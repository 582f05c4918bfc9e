"""Run this benchmark: ``make bench-recovery``."""

from tests.benchmarks.recovery.benchmark import main

main()
