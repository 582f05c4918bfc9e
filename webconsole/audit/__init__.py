"""The audit trail over HTTP, and its page."""
