"""Telling a crew or a supervisor something outside the open page: push, SMS, call, chat.

Doors: `delivery_rows` (ask for a delivery), `service`, `contacts`, `answers`, `subscriptions`,
`states`, `types` and `models`. *When* somebody is told is decided elsewhere; here it is sent,
and what became of it is kept.
"""
