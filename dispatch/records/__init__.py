"""The record of an incident: notes and photos, added and never changed.

Doors: `notes`, `photos`, `decoding` (for the job worker) and `models`. Reports are in `incidents`,
what desk and crews say to each other is in `messages`.

Photos are taken in by `photos`, which looks at the first bytes of a file only (`picture_headers`),
and decoded by `decoding` in a child process with limits (`decoder_process`, `decoder`,
`picture_files`). Nothing else may open a picture: what a file costs is its sender's to decide.
"""
