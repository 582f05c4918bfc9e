"""What every page and endpoint needs: requests, refusals, languages, headers."""
