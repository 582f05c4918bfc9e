"""What is kept how long, over HTTP."""
