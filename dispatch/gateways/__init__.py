"""The utility's own ways to an SMS, a call or a chat: signed web hooks, both directions.

Doors: `service`, `signatures`, `sms`, `states`, `types` and `models`. What is sent through them,
and what became of it, is in `deliveries`.
"""
