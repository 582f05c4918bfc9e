"""Tests of what happens in a simulation."""
