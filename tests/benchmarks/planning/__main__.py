"""``python -m tests.benchmarks.planning``: what ``make bench-planning`` runs."""

from tests.benchmarks.planning.benchmark import main

if __name__ == "__main__":
    main()
