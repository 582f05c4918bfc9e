"""People and programs as administrators keep them: invited, changed, signed out, given tokens.

Doors: `account_changes`, `invitations`, `sign_ins`, `tokens`, `listing` and `bulk`. How one signs
in is in `accounts`; what roles permit, and who may give them, in `roles`.
"""
