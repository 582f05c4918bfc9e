"""What README says is what the code does."""

import re
from pathlib import Path

from typer.main import get_command

from scripts.cli import command_line

CHECKOUT = Path(__file__).resolve().parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"""["'`]((?:NEARCREW|DATABASE)_[A-Z_]+)["'`]""")


def test_every_setting_is_in_the_table_and_nothing_else() -> None:
    """A setting that nobody can find does not exist."""
    sources = [
        path
        for package in ("geodata", "routing", "dispatch", "webconsole", "scripts")
        for path in (CHECKOUT / package).rglob("*.py")
    ]
    used = {name for path in sources for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    table = README[README.index("### Settings") : README.index("### What is where")]

    assert set(VARIABLE.findall(table)) == used


def test_every_command_that_readme_names_is_there() -> None:
    """And every command that is there is named."""
    command = get_command(command_line())
    names = set(getattr(command, "commands", {}))
    section = README[README.index("### Commands") : README.index("### Settings")]

    named = set(re.findall(r"`(?:nearcrew )?([a-z-]+)", section))

    assert names <= named


def test_every_link_in_the_documents_leads_somewhere() -> None:
    """Also after files have moved."""
    documents = [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")]
    dead = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
        if not target.startswith("http") and not (document.parent / target).exists()
    ]

    assert dead == []
