"""Tests of the way that a crew drives."""
