"""Benchmarks, one room each; what they share: a city, its server, clients, the machine, results."""
