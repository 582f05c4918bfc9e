"""Dispatching's benchmark: candidates, sends, positions, closures, an import beside them."""
