"""The utility's layers over HTTP."""
