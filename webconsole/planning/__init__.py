"""Over HTTP: what standby points reach, scenarios, and studies with their reports."""
