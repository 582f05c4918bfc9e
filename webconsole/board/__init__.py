"""The pages: console, crew page, sign-in, API documentation."""
