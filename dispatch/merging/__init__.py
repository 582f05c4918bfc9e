"""Duplicates: new reports proposed to join, incidents merged and taken apart, callers called back.

Doors: `service`, `proposals`, `previews`, `call_backs`, `danger`, `models`, `types`. How a
merged incident is read and written through the one that it leads to is in
`dispatch.incidents.merged_rows`.
"""
