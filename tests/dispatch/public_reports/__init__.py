"""Tests of reports from the public."""
