"""``python -m tests.benchmarks.access``: what ``make bench-access`` runs."""

from tests.benchmarks.access.benchmark import main

if __name__ == "__main__":
    main()
