"""Labels: OD matrices from the distances of places to their ancestors in the elimination tree.

Its API is `routing.labels.matrices.Matrices`, which chooses between labels and the searches of
`routing.paths`; both give the same numbers. The loops are compiled by numba, which is imported
when labels are first made, and not before. See docs/adr/0017-labels.md.
"""
