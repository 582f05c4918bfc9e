"""The utility's own layers as dispatch uses them: listed, drawn, and what is near.

Door: `service`. Reading files and cutting tiles is `geodata.layers`.
"""
