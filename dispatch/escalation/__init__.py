"""Escalation: what happens, step by step, while a crew does not answer or does not set out.

Doors: `service` (the chains, read and edited), `order_chains` (the chain of one order), `asking`
(the desk keeps waiting), `following` and `firing` (what the bootstrap registers), `states`, `types`
and `models`. What a step sends over a channel is `deliveries`'; marks of an order (rang, seen) are
`assignments`'.
"""
