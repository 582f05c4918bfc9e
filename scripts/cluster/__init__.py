"""The private PostgreSQL cluster of one checkout: its processes, databases and backups.

Doors: `private_cluster`, `backup`, `databases`, `urls`, `cluster_config`. Migrations and data are
not here: the cluster is only a server with empty databases.
"""
