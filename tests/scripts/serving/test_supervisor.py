"""The supervisor's rounds: who is started again, in which order all stop, and what is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import pytest

from scripts.errors import ClusterError
from scripts.serving.serving_record import ServingRecord
from scripts.serving.serving_record import forget_killed
from scripts.serving.serving_record import read_records
from scripts.serving.supervisor import Supervisor


@dataclass
class Puppet:
    """A child that ends when it is told to."""

    name: str
    journal: list[str]
    runs: bool = False
    fails: bool = False
    starts: int = 0
    pid: int | None = 4_711

    def start(self) -> None:
        """Start, unless it cannot."""
        self.starts += 1
        if self.fails:
            message = "The disk is gone."
            raise ClusterError(message)
        self.runs = True

    def is_running(self) -> bool:
        """Return whether it runs."""
        return self.runs

    def how_it_ended(self) -> str:
        """Return how it ended."""
        return "exit code 3"

    def stop(self) -> str | None:
        """Stop."""
        self.journal.append(self.name)
        return None


@dataclass
class Rig:
    """A supervisor with a clock that is moved by hand."""

    record: ServingRecord
    now_s: float = 0.0
    said: list[str] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the supervisor."""
        self.supervisor = Supervisor(self.record, say=self.said.append, clock=lambda: self.now_s)

    def puppet(self, name: str) -> Puppet:
        """Return a child that is kept from now on."""
        made = Puppet(name, self.journal)
        self.supervisor.keep(made)
        return made

    def pass_time(self, seconds: float) -> None:
        """Let time pass and the supervisor look."""
        self.now_s += seconds
        self.supervisor.look()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Return a supervisor that keeps nobody yet."""
    with ServingRecord(tmp_path) as record:
        yield Rig(record)


def test_whoever_ends_is_started_again_and_nobody_else(rig: Rig) -> None:
    """In the very round in which it is noticed."""
    database, web = rig.puppet("database"), rig.puppet("web server")
    rig.pass_time(60)
    web.runs = False

    rig.pass_time(0)

    assert (database.starts, web.starts, web.runs) == (1, 2, True)
    assert rig.said == ["The web server ended (exit code 3); starting it again."]


def test_trouble_is_said_once_and_so_is_its_end(rig: Rig, tmp_path: Path) -> None:
    """A log that says the same each second is not read; the record says how it stands."""
    web = rig.puppet("web server")
    for _ in range(200):
        web.runs = False
        rig.pass_time(1)
    noted = read_records(tmp_path)[0].children["web server"]
    rig.pass_time(60)  # started again at the latest now, and lives on
    for _ in range(20):
        rig.pass_time(1)

    assert len(rig.said) == 4
    assert all("starting it again" in sentence for sentence in rig.said[:2])
    assert "has ended 3 times in a row within 10 s" in rig.said[2]
    assert rig.said[3] == "The web server runs again."
    assert (noted.is_troubled, noted.last_end) == (True, "exit code 3")
    assert not read_records(tmp_path)[0].children["web server"].is_troubled


def test_one_that_cannot_be_started_is_tried_again_later(rig: Rig) -> None:
    """The others are kept running meanwhile, and the reason is said."""
    web = rig.puppet("web server")
    rig.pass_time(60)
    web.runs, web.fails = False, True
    rig.pass_time(0)
    tried_at_once = web.starts
    web.fails = False

    rig.pass_time(1)

    assert tried_at_once == 2
    assert (web.starts, web.runs) == (3, True)
    assert "The disk is gone." in rig.said[1]


def test_all_are_stopped_the_last_started_first(rig: Rig) -> None:
    """The database goes last: the others still write while they stop."""
    for name in ("database", "web server", "job worker"):
        rig.puppet(name)

    rig.supervisor.stop()

    assert rig.journal == ["job worker", "web server", "database"]


def test_a_record_tells_a_living_supervisor_from_a_killed_one(rig: Rig, tmp_path: Path) -> None:
    """By its lock: the process number may be somebody else's by now."""
    rig.puppet("web server")
    living = read_records(tmp_path)[0]
    killed = tmp_path / "serving" / "1.json"
    killed.write_text('{"pid": 1, "children": {"database": {"pid": 12}}}', encoding="utf-8")
    half_written = tmp_path / "serving" / "2.json"
    half_written.write_text('{"pid": 2, "chil', encoding="utf-8")

    found = {record.pid: record for record in read_records(tmp_path)}
    forget_killed(tmp_path)

    assert found[living.pid].is_alive
    assert living.children["web server"].pid == 4_711
    assert [found[number].is_alive for number in (1, 2)] == [False, False]
    assert found[1].children["database"].pid == 12
    assert found[2].children == {}
    assert [record.pid for record in read_records(tmp_path)] == [living.pid]
