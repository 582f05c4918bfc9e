"""Commands about ways: routes, times, reach, and where a track went."""
