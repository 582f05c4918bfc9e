"""The append-only event log: writing it and listening to it."""
