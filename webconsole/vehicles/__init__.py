"""Vehicles and equipment over HTTP."""
