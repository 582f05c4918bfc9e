"""What crews drove for their orders: matched to streets, thinned, and how quickly.

Doors: `service` (what was driven for an order, and how quickly by road class and hour), `matching`
and `tasks` for the process that runs jobs. A track is made once the order has ended, from the
positions that were kept meanwhile; so nothing is here of anybody off duty. It is kept for
``NEARCREW_TRACK_DAYS``, usually longer than the positions that it was made of.
"""
