"""Tests of what a simulation writes."""
