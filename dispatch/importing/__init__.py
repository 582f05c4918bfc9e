"""Rows from CSV and XLSX files: tried without a trace first, then stored in one transaction.

Doors: `service`, `subjects`, `cell_types` and `types`. What a row means, and how it is stored, is
the room's that declares an `ImportSubject`; this one reads files, checks lines and reports.
"""
