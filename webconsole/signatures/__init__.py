"""Customers' signatures over HTTP."""
