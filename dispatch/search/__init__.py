"""One search box for places, coordinates, crews and incidents."""
