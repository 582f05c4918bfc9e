"""Map matching: which streets a recorded track was driven along, and when.

Use `routing.router.Router.match`; `routing.matching.matched_track` has what it returns. The inner
loops are compiled by numba, which is imported by the first match only.
"""
