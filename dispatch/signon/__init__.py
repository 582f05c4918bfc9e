"""Sign-on through the company's OpenID Connect provider, beside the accounts' own passwords.

Doors: `service` (from a provider's claims to an account), `invitations`, `providers` (which there
are), `types` and `models`. The redirects and the checks of tokens are the console's.
"""
