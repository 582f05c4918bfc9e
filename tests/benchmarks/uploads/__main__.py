"""Run this benchmark: ``make bench-uploads``."""

from tests.benchmarks.uploads.benchmark import main

main()
