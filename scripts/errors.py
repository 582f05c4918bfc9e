"""The errors of the command line, with hints on how to fix them."""


class ScriptError(Exception):
    """Base class of command-line errors: what is wrong and, where known, how to fix it.

    Parameters
    ----------
    message
        One plain sentence: what is wrong.
    mend
        What to type or change, or an empty string when nobody can say.
    """

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


class UsageError(ScriptError):
    """Invalid arguments or input of a command."""


class ClusterError(ScriptError):
    """The private PostgreSQL cluster cannot be created, started or reached."""


class DatabaseError(ScriptError):
    """The database does not hold, or already holds, what the command needs."""
