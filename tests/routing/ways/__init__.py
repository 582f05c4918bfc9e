"""Tests of what routing gives a crew's phone."""
