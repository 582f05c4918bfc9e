"""Command line, private database cluster, demo city and simulator of Nearcrew."""
