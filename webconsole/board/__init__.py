"""The pages: console, crew page, sign-in, API documentation.

Door: `pages`. Their scripts are in `static/js/pages`.
"""
