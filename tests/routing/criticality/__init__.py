"""Tests of routing.criticality."""
