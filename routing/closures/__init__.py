"""Closures: which parts of which edges may not be driven, and searches around them."""
