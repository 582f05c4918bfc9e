"""The HTTP API, version 1: one module per area, shapes of requests and answers beside them."""
