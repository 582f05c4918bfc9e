"""``python -m tests.benchmarks.phones``: what ``make bench-phones`` runs."""

from tests.benchmarks.phones.benchmark import main

if __name__ == "__main__":
    main()
