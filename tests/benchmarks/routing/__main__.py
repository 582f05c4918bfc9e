"""Run this benchmark: ``make bench-routing``."""

from tests.benchmarks.routing.benchmark import main

main()
