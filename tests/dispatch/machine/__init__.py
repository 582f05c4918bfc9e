"""The dispatch desk as a state machine: real services on a real PostGIS beside a model of words.

`orders` is the base: incidents, orders, what the desk decides. Each other module adds the rules of
one room; `tests/dispatch/assignments/test_state_machine.py` puts them together and runs them.
"""
