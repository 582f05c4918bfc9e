"""The board: incidents, assignments and crews as they stand, and the log, for whoever reads."""
