"""Silent crews over HTTP: who is, who sees to it, and how long crews may be."""
