"""Work that waits: housekeeping."""
