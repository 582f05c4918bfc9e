"""Tests of callers' pages."""
