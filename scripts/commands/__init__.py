"""The commands of `nearcrew`, one module for each subject.

Doors: `import_osm`, `db_commands`, `progress`. Commands parse arguments and print results; what
they do is in `dispatch`, `routing` and `geodata`, or in the other rooms of `scripts`.
"""
