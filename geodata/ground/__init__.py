"""The ground in use: one imported extract with its roads, map and places."""
