"""What the shipped roles permit, and that every permission is said in words."""

from dataclasses import replace

import pytest

from dispatch.access.permission_words import SENTENCES
from dispatch.access.permission_words import SUBJECTS
from dispatch.access.permissions import OWN
from dispatch.access.permissions import PERMISSIONS
from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.core.errors import NotAllowed


def test_every_permission_has_one_sentence() -> None:
    """In one group, so that nothing is missing from the page where roles are edited."""
    said = [each for subject in SUBJECTS for each in subject.sentences]

    assert sorted(said) == sorted(Permission)
    assert len(set(SENTENCES.values())) == len(said)


def test_every_shipped_role_permits_something() -> None:
    """And none permits everything; no permission is left that no role grants."""
    assert set(PERMISSIONS) == set(Role)
    assert all(PERMISSIONS.values())
    assert PERMISSIONS[Role.ADMINISTRATOR] | OWN == set(Permission)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (Role.CALL_TAKER, Permission.INCIDENT_WRITE, Permission.ASSIGNMENT_SEND),
        (Role.PLANNER, Permission.INCIDENT_READ, Permission.INCIDENT_WRITE),
        (Role.MANAGER, Permission.EXPORT, Permission.CALLER_READ),
        (Role.AUDITOR, Permission.AUDIT_READ, Permission.INCIDENT_READ),
    ],
)
def test_a_role_is_what_its_name_says(role: Role, may: Permission, may_not: Permission) -> None:
    """Call takers enter but do not send; auditors read the trail and nothing else."""
    actor = Actor(1, "x", "x", frozenset({role}))

    actor.require(may)
    with pytest.raises(NotAllowed):
        actor.require(may_not)


def test_what_was_looked_up_counts_and_not_the_names_of_roles() -> None:
    """A company may have taken a permission from a shipped role."""
    looked_up = replace(SYSTEM, granted=frozenset({Permission.CREW_READ}))

    assert looked_up.may(Permission.CREW_READ)
    assert not looked_up.may(Permission.ACCOUNT_WRITE)
