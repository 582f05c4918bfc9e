"""Notices to a crew about an order that it has: recalled, changed, cancelled; each is confirmed.

Doors: `service`, `notice_rows`, `states`, `types` and `models`. What is offered is no notice: it is
answered, in `assignments`.
"""
