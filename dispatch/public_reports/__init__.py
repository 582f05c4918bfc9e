"""Reports from the public page: unconfirmed until the desk makes incidents of them, or does not.

Doors: `receiving` (the page's and the relay's), `service` (the desk's), `codes`, `polling`,
`rules`, `types`, `states` and `models`. Nothing here sends a crew.
"""
