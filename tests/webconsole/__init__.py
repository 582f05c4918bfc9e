"""Tests of the faces: through HTTP, on the real services and the real database."""
