"""Over HTTP: why a dispatcher sent another crew than the recommended one."""
