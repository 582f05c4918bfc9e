"""Tests of callers' pages over HTTP."""
