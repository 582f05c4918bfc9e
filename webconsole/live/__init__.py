"""The live stream: server-sent events, read once and sent to many."""
