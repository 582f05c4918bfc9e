"""Road closures: marked, in force, lifted."""
