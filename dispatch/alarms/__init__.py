"""Alarms: what needs a person now, and who has said that they see to it, until when.

Doors: `service`, `states` (the kinds, and for how long an acknowledgement holds), `types` and
`models`. Whether an alarm is due is read off the incidents by whoever shows them.
"""
