"""Fixed words of roles: the matters that may need two people. Pure."""

from enum import StrEnum


class Matter(StrEnum):
    """What one person enters and another approves."""

    SWAP = "swap"
    LENDING = "lending"
    RULES = "rules"
