"""`nearcrew user …`: who may sign in is changed at the command line, and the log says by whom."""

import io
import sys
from pathlib import Path

import pytest

from scripts.cluster import private_cluster as cluster
from scripts.people.operator import operator
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis
PASSWORD = "correct horse battery"  # noqa: S105 - of an account that lives for one test


def log(var_dir: Path) -> list[tuple[object, ...]]:
    """Return kind, actor and user name of the events of accounts."""
    query = "SELECT kind, actor, data ->> 'username' FROM event WHERE kind LIKE 'account.%'"
    with cluster.ensure_running(var_dir).connect("nearcrew") as connection:
        return connection.execute(f"{query} ORDER BY id").fetchall()


@pytest.fixture
def furnished(nearcrew: Nearcrew) -> Nearcrew:
    """Return the command line of a house with an administrator, a dispatcher and a crew."""
    for words in (
        ["init", "--generate"],
        ["crew", "add", "Gas 1"],
        ["user", "add", "wang", "--role", "dispatcher", "--name", "王芳", "--generate"],
        ["user", "add", "gas1", "--role", "crew", "--crew", "Gas 1", "--generate"],
    ):
        assert nearcrew(*words).code == 0
    return nearcrew


def test_accounts_are_listed_with_what_they_are_for(furnished: Nearcrew) -> None:
    """One line each, and which are disabled."""
    assert furnished("user", "disable", "gas1").code == 0

    answer = furnished("user", "list")

    assert answer.out.splitlines() == [
        "admin: administrator, not signed in",
        "gas1: crew of Gas 1, disabled",
        "wang (王芳): dispatcher, not signed in",
    ]


def test_every_change_is_in_the_log_with_who_made_it(furnished: Nearcrew, migrated: Path) -> None:
    """By the name of the account that runs the command."""
    for words in (
        ["disable", "gas1"],
        ["enable", "gas1"],
        ["role", "wang", "--role", "administrator", "--role", "dispatcher"],
        ["password", "wang", "--generate"],
        ["rename", "wang", "wangfang"],
    ):
        answer = furnished("user", *words)
        assert (answer.code, answer.err) == (0, "")

    by = operator().display_name
    assert by.startswith("command line (")
    assert log(migrated)[3:] == [
        ("account.disabled", by, "gas1"),
        ("account.enabled", by, "gas1"),
        ("account.roles_changed", by, "wang"),
        ("account.password_changed", by, "wang"),
        ("account.renamed", by, "wangfang"),
    ]


def test_who_became_root_is_named_by_who_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit trail in which everything was done by root tells nothing."""
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "alice")
    assert operator().display_name == "command line (alice)"

    # Whoever is not root may set the variable to anything.
    monkeypatch.setattr("os.getuid", lambda: 4_000_000_000)
    assert operator().display_name == "command line (user 4000000000)"


def test_a_new_password_comes_from_the_environment_the_input_or_is_made(
    furnished: Nearcrew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never from an argument, which everybody on the machine could read."""
    given = furnished("user", "password", "wang", NEARCREW_PASSWORD=PASSWORD)
    made = furnished("user", "password", "wang", "--generate")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\nand more\n"))
    read = furnished("user", "password", "wang", "--stdin")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    empty = furnished("user", "password", "wang", "--stdin")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD[:9]}\n"))
    short = furnished("user", "password", "wang", "--stdin")
    nobody = furnished("user", "password", "wang")
    both = furnished("user", "password", "wang", "--generate", "--stdin")
    argument = furnished("user", "password", "wang", PASSWORD)

    assert [given.code, made.code, read.code] == [0, 0, 0]
    assert "wang has a new password" in read.out
    assert PASSWORD not in given.out + read.out
    assert made.out.count("shown this once") == 1
    assert (empty.code, short.code, nobody.code, both.code) == (2, 1, 2, 2)
    assert "password: must have 10 to 200 characters" in short.err
    assert argument.code == 2


def test_what_cannot_be_done_is_said(furnished: Nearcrew) -> None:
    """One sentence and an exit code; a password is not made for nobody."""
    for words, code, said in (
        (["disable", "admin"], 1, "admin is the last administrator"),
        (["role", "admin", "--role", "dispatcher"], 1, "admin is the last administrator"),
        (["role", "wang", "--role", "crew"], 1, "crew_id: is required for a crew's account"),
        (["role", "wang", "--role", "crew", "--crew", "Gas 2"], 2, "no crew named Gas 2"),
        (["role", "wang"], 2, "--role"),
        (["rename", "wang", "admin"], 1, "already an account named admin"),
        (["rename", "wang", " "], 1, "username: is required"),
        (["enable", "nobody"], 1, "There is no account named nobody"),
        (["password", "nobody", "--generate"], 1, "There is no account named nobody"),
    ):
        answer = furnished("user", *words)

        assert answer.code == code, words
        assert said in " ".join(answer.err.split()), words
        assert "Traceback" not in answer.err
        assert "shown this once" not in answer.out


def test_people_are_invited_and_programs_get_tokens(furnished: Nearcrew) -> None:
    """Links and tokens are printed once; a role is shown with what it permits."""
    invited = furnished("user", "invite", "dora", "--role", "call_taker")
    unknown = furnished("user", "invite", "eve", "--role", "dragon")
    may = furnished("user", "may", "dora")
    added = furnished(
        *("role", "add", "--name-en", "Eyes", "--name-zh", "只读", "--permit", "crew.read")
    )
    furnished("user", "role", "dora", "--role", "eyes", "--role", "integration")
    changed = furnished("role", "set", "eyes", "--permit", "closure.read")
    listed = furnished("role", "list")
    token = furnished("token", "add", "dora", "--name", "portal", "--scope", "closure.read")
    tokens = furnished("token", "list")
    revoked = furnished("token", "revoke", tokens.out.split(":")[0])
    locked = furnished("role", "set", "administrator", "--permit", "crew.read")

    assert "/invitation/" in invited.out
    assert (unknown.code, "no role dragon" in unknown.err) == (1, True)
    assert "incident.write (call_taker): Enter incidents" in may.out
    assert "Role eyes: 1 permissions." in added.out
    assert "eyes permits: closure.read." in changed.out
    assert "eyes (Eyes, 只读): 1 accounts" in listed.out
    assert "shown this once" in token.out
    assert "portal of dora, closure.read, never used" in tokens.out
    assert "counts no more" in revoked.out
    assert (locked.code, "Nobody could manage accounts" in locked.err) == (1, True)


def test_second_factors_and_sign_on_are_seen_to_at_the_command_line(furnished: Nearcrew) -> None:
    """Demanded of a role, shown, reset; without a provider nobody can be invited."""
    demanded = furnished("user", "factors", "require", "dispatcher", "--grace-days", "7")
    rules = furnished("user", "factors", "rules")
    shown = furnished("user", "factors", "show", "wang")
    reset = furnished("user", "factors", "reset", "wang")
    unknown = furnished("user", "factors", "require", "cook")
    providers = furnished("user", "sign-on", "list")
    invited = furnished("user", "sign-on", "invite", "wang", "company", "w.fang")

    assert demanded.out == "dispatcher: must have a second factor; 0 of 1 have one.\n"
    assert "dispatcher: demanded: yes, until" in rules.out
    assert "crew: demanded: no; 0 of 1 accounts have one" in rules.out
    assert "recovery codes left: 0; demanded: yes" in shown.out
    assert reset.out == "wang has no second factor any more; sign-ins ended: 0.\n"
    assert (unknown.code, invited.code) == (1, 1)
    assert "There is no role cook." in unknown.err
    assert "NEARCREW_SIGNON names no providers" in providers.out
    assert "There is no provider company." in invited.err
