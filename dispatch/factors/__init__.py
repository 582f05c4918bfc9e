"""What people show beside a password: codes of an app, security keys, recovery codes.

Doors: `service` (one's own factors, and an administrator's reset), `sign_in_steps` (from a right
password to a session), `rules` (who must have one), `own_account`, `states`, `types` and
`models`. Passwords are checked, and guesses counted, in `accounts`.
"""
