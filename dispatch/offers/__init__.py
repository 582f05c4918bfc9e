"""Offers: an incident put to several crews at once; the first that accepts has it (grab mode).

Doors: `service` (offer and withdraw, by the desk), `answering` (seen, declined, accepted, by
crews), `offer_reading`, `states`, `types` and `models`. Whom an offer asks is decided in `asking`,
which is pure; `ending` ends an offer when nobody accepts in time, or when its incident gets a crew
otherwise. The order that comes of it is placed by `sending.placing`.
"""
