"""Who may do what, and who may know what: permissions and privacy.

Doors: `permissions` (actors, roles, what a role permits) and `privacy` (what is hidden from
whom). Pure rules, without storage; accounts and passwords are in `accounts`.
"""
