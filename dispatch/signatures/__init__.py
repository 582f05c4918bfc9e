"""The customer's signature under an order, drawn on the crew's phone; or why there is none.

Doors: `service`, `types` and `models`. Signatures of requests to gateways are in `gateways`.
"""
