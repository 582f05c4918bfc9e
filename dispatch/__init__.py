"""The job: incidents, crews, assignments, candidates, events and access rules."""
