"""Outcomes: what they mean, the editable list, follow-ups."""
