"""The road network: immutable arrays, their file, and exchange with osmnx."""
