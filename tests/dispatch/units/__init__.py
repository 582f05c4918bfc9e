"""Units: whose rows are whose."""
