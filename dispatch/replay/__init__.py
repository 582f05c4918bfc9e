"""The past as it was: replay and export."""
