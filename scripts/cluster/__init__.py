"""The private PostgreSQL cluster of one checkout, its databases and backups."""
