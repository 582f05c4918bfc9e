"""The utility's own layers as dispatch uses them."""
