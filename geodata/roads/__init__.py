"""The drivable streets of a ground as plain arrays."""
