"""`nearcrew doctor`: one fault does not hide the others, and each comes with its cure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.cluster import private_cluster as cluster
from scripts.doctor import machine_checks
from scripts.doctor.doctor_command import examine
from scripts.doctor.findings import Finding
from scripts.doctor.findings import Level
from scripts.serving.serving_record import ChildNote
from scripts.serving.serving_record import ServingRecord
from scripts.serving.worker import why_not_ready
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis


def _saying(findings: list[Finding], words: str) -> Finding:
    found = [each for each in findings if words in each.sentence]
    assert len(found) == 1, [each.sentence for each in findings]
    return found[0]


def test_a_checkout_without_a_database_is_told_how_to_make_one(
    open_folder: Path, discard: Callable[[Path], Path]
) -> None:
    """And looking makes none."""
    var_dir = discard(open_folder / "var")

    findings = list(examine({"NEARCREW_VAR": str(var_dir)}))

    assert _saying(findings, "no database yet").mend.startswith("nearcrew db start")
    assert not (var_dir / "pg").exists()


def test_a_fresh_installation_lacks_a_city_and_an_administrator(
    nearcrew: Nearcrew, migrated: Path
) -> None:
    """The rest is in order; the exit code tells that something will not work.

    A kind of incident that is misspelt would be driven to as any other is.
    """
    named = {"NEARCREW_EMERGENCY_KINDS": "gas_leak, gas_leek"}
    findings = list(examine({"NEARCREW_VAR": str(migrated), **named}))
    answer = nearcrew("doctor")

    assert _saying(findings, "No city is loaded").level is Level.BAD
    assert _saying(findings, "Nobody is administrator").mend == "nearcrew init"
    assert _saying(findings, "tables are up to date").level is Level.GOOD
    assert _saying(findings, "no kind of incident: gas_leek.").level is Level.ODD
    assert all(each.mend for each in findings if each.level is not Level.GOOD)
    assert answer.code == 1


def test_accounts_that_need_looking_at_are_noticed(nearcrew: Nearcrew, migrated: Path) -> None:
    """No administrator who can sign in, and names whose passwords are being guessed."""
    nearcrew("init", "--generate")
    good = _saying(list(examine({"NEARCREW_VAR": str(migrated)})), "an administrator")
    with cluster.ensure_running(migrated).connect("nearcrew") as connection:
        connection.execute("UPDATE account SET disabled_at = now()")
        connection.execute(
            "INSERT INTO sign_in_count (kind, subject, failed, counted_at, free_at) VALUES"
            " ('account', 'a', 14, now(), now() + interval '1 minute'),"
            " ('account', 'b', 12, now(), now() - interval '1 minute'),"
            " ('account', 'c', 2, now(), NULL)"
        )

    findings = list(examine({"NEARCREW_VAR": str(migrated)}))

    assert good.level is Level.GOOD
    assert "nearcrew user enable" in _saying(findings, "Every administrator is disabled").mend
    guessed = _saying(findings, "being guessed")
    assert "for 1 user names and from 0 addresses" in guessed.sentence
    assert guessed.level is Level.ODD


def test_who_may_read_the_metrics_is_said(nearcrew: Nearcrew, migrated: Path) -> None:
    """Without repeating the token."""
    assert nearcrew("db", "status").code == 0
    token = "x" * 16

    without = list(examine({"NEARCREW_VAR": str(migrated)}))
    with_one = list(examine({"NEARCREW_VAR": str(migrated), "NEARCREW_METRICS_TOKEN": token}))

    assert "for this machine" in _saying(without, "metrics").sentence
    assert "want NEARCREW_METRICS_TOKEN" in _saying(with_one, "metrics").sentence
    assert not any(token in each.sentence for each in with_one)


def test_a_ground_of_before_the_search_is_to_be_imported_again(
    nearcrew: Nearcrew, migrated: Path
) -> None:
    """It serves, but nothing of it is found by name."""
    assert nearcrew("db", "status").code == 0
    with cluster.ensure_running(migrated).connect("nearcrew") as connection:
        connection.execute(
            "INSERT INTO ground (name, source_file, network_hash, attribution, bounds, imported_at)"
            " VALUES ('Old town', 'old.osm', '', '',"
            " ST_MakeEnvelope(7.4, 43.7, 7.5, 43.8, 4326), now())"
        )

    findings = list(examine({"NEARCREW_VAR": str(migrated)}))

    found = _saying(findings, "before places could be searched")
    assert found.level is Level.ODD
    assert "import-osm" in found.mend


def test_jobs_that_nobody_runs_are_noticed(nearcrew: Nearcrew, migrated: Path) -> None:
    """Late, left by a worker that is gone, or failed; and how to mend each."""
    assert nearcrew("db", "status").code == 0
    urls = cluster.ensure_running(migrated)
    without = _saying(list(examine({"NEARCREW_VAR": str(migrated)})), "job worker")
    with urls.connect("nearcrew") as connection:
        connection.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    with_one = _saying(list(examine({"NEARCREW_VAR": str(migrated)})), "job workers: 1")
    with urls.connect("nearcrew") as connection:
        for state in ("todo", "doing", "failed"):
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
                " VALUES ('default', 'house:clean', %s::procrastinate_job_status)",
                [state],
            )
        connection.execute("UPDATE procrastinate_events SET at = now() - interval '2 minutes'")
        connection.execute(
            "INSERT INTO deadline (kind, due_at, set_at, next_at, failures, data)"
            " SELECT 'trial', ago, ago, ago, 0, '{}'"
            " FROM (SELECT now() - interval '1 minute') AS a_minute (ago)"
        )

    findings = list(examine({"NEARCREW_VAR": str(migrated)}))

    assert without.level is Level.ODD
    assert without.mend.startswith("nearcrew worker")
    assert with_one.level is Level.GOOD
    assert "nearcrew worker" in _saying(findings, "1 jobs are late").mend
    assert "nearcrew worker" in _saying(findings, "begun by a worker that is gone").mend
    assert "nearcrew worker" in _saying(findings, "1 deadlines have passed").mend
    assert "log" in _saying(findings, "have failed: house:clean (job 3)").mend


def test_what_a_supervisor_cannot_keep_running_is_named(
    open_folder: Path, discard: Callable[[Path], Path]
) -> None:
    """As long as it lasts; the log has said it once, perhaps yesterday."""
    var_dir = discard(open_folder / "var")
    in_trouble = ChildNote(pid=None, quick_ends=7, is_troubled=True, last_end="exit code 3")
    with ServingRecord(var_dir) as record:
        record.write({"database": ChildNote(pid=1), "web server": in_trouble})
        troubled = list(examine({"NEARCREW_VAR": str(var_dir)}))
        record.write({"database": ChildNote(pid=1), "web server": ChildNote(pid=2)})
        well = list(examine({"NEARCREW_VAR": str(var_dir)}))
    stopped = list(examine({"NEARCREW_VAR": str(var_dir)}))

    found = _saying(troubled, "The web server has ended 7 times in a row")
    assert "exit code 3" in found.sentence
    assert found.level is Level.BAD
    assert _saying(well, "keeps running: database, web server").level is Level.GOOD
    assert not any("nearcrew serve" in each.sentence for each in stopped)


def test_what_is_kept_is_shown_and_what_should_be_gone_is_noticed(
    nearcrew: Nearcrew, migrated: Path
) -> None:
    """Positions, photos and personal data; and photos that nobody checks."""
    assert nearcrew("db", "status").code == 0
    urls = cluster.ensure_running(migrated)
    before = list(examine({"NEARCREW_VAR": str(migrated)}))
    with urls.connect("nearcrew") as connection:
        connection.execute(_KEPT_TOO_LONG)

    findings = list(examine({"NEARCREW_VAR": str(migrated)}))

    assert _saying(before, "No positions are kept").level is Level.GOOD
    assert _saying(before, "0 photos are kept").level is Level.GOOD
    assert _saying(before, "Callers and notes").level is Level.GOOD
    assert "nearcrew worker" in _saying(findings, "Positions are kept since").mend
    assert _saying(findings, "1 photos are kept (3.0 MB), for 1095 days each. 1 are older.").mend
    assert "nearcrew worker" in _saying(findings, "1 photos wait to be checked").mend
    assert _saying(findings, "1 incidents are older").level is Level.ODD


_KEPT_TOO_LONG = """
    SELECT ensure_position_day((now() - interval '40 days')::date);
    INSERT INTO incident (kind, priority, state, round, version, point, address, description,
                          caller_name, caller_phone, created_at, updated_at, closed_at)
    VALUES ('gas_leak', 1, 'closed', 0, 1, 'SRID=4326;POINT(7.4 43.7)', '', '', 'Wang', '', now(),
            now(), now() - interval '1096 days');
    INSERT INTO photo (incident_id, actor_id, author, caption, received_at, state, width, height,
                       size_bytes, sha256, sent_sha256, image, thumbnail)
    SELECT id, 1, 'dora', '', now() - interval '1096 days', 'shown', 4, 3, 3000000, 'a', 'b',
           'image', 'small' FROM incident;
    WITH file AS (INSERT INTO photo_file (content) VALUES ('file') RETURNING id)
    INSERT INTO photo (incident_id, actor_id, author, caption, received_at, state, file_id,
                       sent_sha256)
    SELECT incident.id, 1, 'dora', '', now() - interval '6 minutes', 'received', file.id, 'b'
    FROM incident, file
"""


def test_a_database_of_a_newer_release_is_named_with_what_to_do(
    nearcrew: Nearcrew, migrated: Path
) -> None:
    """Each command that needs its tables says so in a sentence; none recommends another."""
    assert nearcrew("db", "status").code == 0
    with cluster.ensure_running(migrated).connect("nearcrew") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    sentence = "The tables are at 9999, made by a newer release of Nearcrew"

    answers = [nearcrew(*words) for words in (("db", "migrate"), ("serve",), ("doctor",))]
    (found,) = (
        each
        for each in examine({"NEARCREW_VAR": str(migrated)})
        if each.sentence[:9] == sentence[:9]
    )

    for answer in answers:
        said = answer.out + answer.err
        assert answer.code == 1
        assert sentence in said
        assert "restore a backup" in said
        assert "Traceback" not in said
    assert found.level is Level.BAD
    assert "nearcrew db migrate" not in found.mend
    assert "newer release" in (why_not_ready(cluster.ensure_running(migrated).app()) or "")


@pytest.mark.parametrize(
    ("free_gb", "total_gb", "level"),
    [
        (0.9, 100, Level.BAD),
        (1.9, 10, Level.ODD),
        (9, 100, Level.ODD),
        (11, 100, Level.GOOD),
        (2.1, 10, Level.GOOD),
    ],
)
def test_little_space_is_under_two_gigabytes_or_a_tenth_of_the_disk(
    free_gb: float, total_gb: float, level: Level
) -> None:
    """Under one, the database will not work for long."""
    found = machine_checks.judge_space(
        Path("/x"), free_bytes=int(free_gb * 1e9), total_bytes=int(total_gb * 1e9)
    )

    assert found.level is level


def test_an_unreachable_database_is_said_without_its_password() -> None:
    """What doctor prints is pasted into messages."""
    url = "postgresql://someone:s3cret@127.0.0.1:1/nowhere"

    findings = list(examine({"DATABASE_URL": url}))

    assert _saying(findings, "cannot be reached").level is Level.BAD
    assert not any("s3cret" in each.sentence + each.mend for each in findings)


def test_a_setting_that_makes_no_sense_is_named(migrated: Path) -> None:
    """By the variable's own name."""
    findings = list(examine({"NEARCREW_VAR": str(migrated), "NEARCREW_PORT": "http"}))

    assert "NEARCREW_PORT" in _saying(findings, "A setting is wrong").sentence


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - judged, not bound
        ("10.0.0.5", False),
        ("dispatch.example", False),
    ],
)
def test_only_loopback_addresses_count_as_this_machine(host: str, *, only_here: bool) -> None:
    """Browsers allow location without https there and nowhere else."""
    assert machine_checks.is_loopback(host) is only_here
