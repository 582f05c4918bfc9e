"""Lists as CSV and XLSX, and the note in the log that somebody took them out of the house.

Doors: `service`, `export_log`, `table_writing` and `types`. What a list holds is its room's.
"""
