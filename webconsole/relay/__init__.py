"""A relay for a network that the public reaches and that has no way into the database.

It shows the report page, keeps what is sent in a file, and gives it to whoever asks with the shared
secret: this console's worker, from inside. It imports no room that has a database of its own.
"""
