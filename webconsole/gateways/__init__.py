"""Gateways over HTTP: kept by administrators, and their signed reports."""
