"""What every room of dispatch needs: errors, field types, times, transactions, SQL expressions.

All of its modules are doors. Nothing here knows a subject: what is about crews is in `crews`.
"""
