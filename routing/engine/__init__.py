"""The search engine: edge expansion, edge weights and the contraction hierarchy."""
