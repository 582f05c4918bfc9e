"""Get the password of a new account, never from the command line.

Arguments are visible to every user of the machine (`ps`) and stay in the shell's history.
"""

import os
import secrets
import sys

import typer

from scripts.errors import UsageError

VARIABLE = "NEARCREW_PASSWORD"


def new_password(username: str, *, generate: bool) -> str:
    """Return a generated password, that of the environment, or one typed twice.

    Parameters
    ----------
    username
        Whose it will be.
    generate
        Make one and print it, once.

    Raises
    ------
    UsageError
        If there is neither a variable nor somebody to ask.
    """
    if generate:
        password = secrets.token_urlsafe(12)
        print(f"The password of {username}, shown this once: {password}")
        return password
    if given := os.environ.get(VARIABLE):
        return given
    if not sys.stdin.isatty():
        message = "There is nobody to ask for the password."
        raise UsageError(message, mend=f"Set {VARIABLE}, or add --generate.")
    answer = typer.prompt(
        f"Password of {username}", hide_input=True, confirmation_prompt="Once more"
    )
    return str(answer)
