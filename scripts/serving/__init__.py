"""Serving the console: web workers and the processes beside them."""
