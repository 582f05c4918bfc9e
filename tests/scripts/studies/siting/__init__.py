"""Location models: by hand, against brute force, against published optima."""
