"""The benchmark of recovery: parts of the running product are killed while it is used."""
