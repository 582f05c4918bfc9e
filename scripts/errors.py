"""What goes wrong at the bench, said so that the reader can mend it."""


class ScriptError(Exception):
    """A refusal of the command line: what is wrong and, where known, how to mend it.

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
    """The command was given something it cannot take."""


class ClusterError(ScriptError):
    """The private PostgreSQL cluster cannot be made, started or reached."""


class DatabaseError(ScriptError):
    """The database does not hold, or already holds, what the command needs."""
