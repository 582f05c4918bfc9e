"""Over HTTP: escalation chains, the page on which they are edited, and the desk's patience."""
