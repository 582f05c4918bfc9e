"""Tests of the public report page over HTTP."""
