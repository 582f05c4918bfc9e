"""Tests of webconsole."""
