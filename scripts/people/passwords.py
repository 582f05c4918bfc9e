"""Get the password of an account, never from the command line.

Arguments are visible to every user of the machine (`ps`) and stay in the shell's history.
"""

import os
import secrets
import sys
from typing import Annotated

import typer

from scripts.errors import UsageError

VARIABLE = "NEARCREW_PASSWORD"
Generate = Annotated[bool, typer.Option("--generate", help="Make a password and print it once.")]
FromStdin = Annotated[
    bool, typer.Option("--stdin", help="Take the password from the first line of standard input.")
]


def new_password(username: str, *, generate: bool, stdin: bool = False) -> str:
    """Return a generated password, that of the input or the environment, or one typed twice.

    Parameters
    ----------
    username
        Whose it will be.
    generate
        Make one and print it, once.
    stdin
        Read one line of standard input. Only if told so: in a script's loop that line would often
        be something else.

    Raises
    ------
    UsageError
        If there is no password and nobody to ask, or both are wanted.
    """
    if generate and stdin:
        message = "A password is either made or read from standard input."
        raise UsageError(message, mend="Leave out --generate or --stdin.")
    if generate:
        password = secrets.token_urlsafe(12)
        print(f"The password of {username}, shown this once: {password}")
        return password
    if stdin:
        return _first_line()
    if given := os.environ.get(VARIABLE):
        return given
    if not sys.stdin.isatty():
        message = "There is nobody to ask for the password."
        raise UsageError(message, mend=f"Set {VARIABLE}, or add --generate or --stdin.")
    answer = typer.prompt(
        f"Password of {username}", hide_input=True, confirmation_prompt="Once more"
    )
    return str(answer)


def _first_line() -> str:
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        message = "Standard input is empty: there is no password in it."
        raise UsageError(message, mend="printf '%s\\n' … | nearcrew user password NAME --stdin")
    return line
