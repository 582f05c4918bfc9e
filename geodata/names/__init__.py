"""Names of streets and places: spelling, sound, comparison and the index over them."""
