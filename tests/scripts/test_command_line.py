"""What is imported for a command, and that no command is lost by importing less."""

import subprocess
import sys

import pytest
from typer.main import get_command

from scripts.cli import command_line

WORDS = sorted(get_command(command_line()).commands)  # type: ignore[attr-defined]  # a group


@pytest.mark.parametrize("word", WORDS)
def test_a_command_imported_by_itself_is_the_same_command(word: str) -> None:
    """Whatever the first word calls among all commands, it calls among the imported ones."""
    everything = get_command(command_line())

    alone = get_command(command_line(word))

    assert _described(alone, word) == _described(everything, word)


def test_an_unknown_word_is_looked_for_among_all_commands() -> None:
    """What is suggested for a misspelt word must not depend on what was imported."""
    assert sorted(get_command(command_line("srve")).commands) == WORDS  # type: ignore[attr-defined]  # a group


def test_who_only_starts_and_watches_others_does_not_import_the_services() -> None:
    """A supervisor that is started again after a fault starts the others without delay."""
    said = "import sys; from scripts.cli import command_line; command_line('serve');"
    said += " print('dispatch.bootstrap' in sys.modules)"

    done = subprocess.run(  # noqa: S603  (ourselves)
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"


def _described(command: object, word: str) -> tuple[object, ...]:
    found = command.commands[word]  # type: ignore[attr-defined]  # a group
    parts = sorted(getattr(found, "commands", ()))
    return found.help, [each.opts for each in found.params], parts
