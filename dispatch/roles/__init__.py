"""Roles as companies edit them: what each permits, which exclude each other, who must be two.

Doors: `service` (roles and their permissions), `granting` (what an actor may give to an account),
`administrators` (the last one stays), `separation` (one enters, another approves) and `models`.
What a permission is, and which roles are shipped, is in `access`; accounts are in `accounts`.
"""
