"""The subjects of the administration pages. A room adds its own by a line here.

The subject's script is `static/js/<script>.js`, the first module of a page of its own: nobody loads
what another subject needs, and neither the console nor the crew's page grows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_


@dataclass(frozen=True, slots=True)
class Subject:
    """One page of administration.

    Attributes
    ----------
    name
        In the address: ``/administration/gateways``.
    title
        An English sentence, marked with ``N_``.
    sees
        Permissions of which one is needed to see it.
    edits
        Permissions of which one is needed to change anything; the page is told as ``may_edit``.
    script
        Its first module below ``static/js``, without ending.
    address
        Instead of a script: a page elsewhere that belongs among these.
    """

    name: str
    title: str
    sees: tuple[Permission, ...]
    edits: tuple[Permission, ...] = ()
    script: str = ""
    address: str = ""

    def may_see(self, actor: Actor) -> bool:
        """Return whether somebody may see it."""
        return any(actor.may(each) for each in self.sees)

    def may_edit(self, actor: Actor) -> bool:
        """Return whether somebody may change anything there."""
        return any(actor.may(each) for each in self.edits)


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects that stand together in the list at the side."""

    title: str
    subjects: tuple[Subject, ...]


_RULES = (Permission.RULES_WRITE,)


def _page(
    name: str, title: str, *needed: Permission, script: str, edits: tuple[Permission, ...] = ()
) -> Subject:
    """Return a subject with a page here; whoever may see it may change it, unless ``edits``."""
    return Subject(name, title, sees=needed, edits=edits or needed, script=script)


GROUPS = (
    Group(
        N_("People and crews"),
        (
            Subject(
                "users",
                N_("Users"),
                sees=(Permission.ACCOUNT_READ,),
                edits=(Permission.ACCOUNT_WRITE,),
                script="people/administration",
            ),
            Subject(
                "roles",
                N_("Roles"),
                sees=(Permission.ACCOUNT_READ,),
                edits=(Permission.ROLE_WRITE,),
                script="roles/administration",
            ),
            Subject(
                "tokens",
                N_("Tokens of programs"),
                sees=(Permission.TOKEN_WRITE,),
                edits=(Permission.TOKEN_WRITE,),
                script="people/administration_tokens",
            ),
            Subject(
                "second-factors",
                N_("Second factors"),
                sees=(Permission.ACCOUNT_READ,),
                edits=(Permission.ACCOUNT_WRITE,),
                script="factors/administration",
            ),
            Subject(
                "sign-on",
                N_("Sign-on providers"),
                sees=(Permission.ACCOUNT_READ,),
                edits=(Permission.ACCOUNT_WRITE,),
                script="signon/administration",
            ),
            _page(
                "stations",
                N_("Stations"),
                Permission.STATION_WRITE,
                script="crews/administration_stations",
            ),
            _page(
                "devices",
                N_("Devices"),
                Permission.DEVICE_WRITE,
                script="devices/administration",
            ),
            Subject("shifts", N_("Shifts"), sees=(Permission.SHIFT_WRITE,), address="/shifts"),
            Subject(
                "crews",
                N_("Crews"),
                sees=(Permission.CREW_WRITE,),
                edits=(Permission.CREW_WRITE,),
                script="crews/administration",
            ),
            Subject(
                "people",
                N_("People"),
                sees=(Permission.CREW_WRITE,),
                edits=(Permission.CREW_WRITE,),
                script="crews/administration_people",
            ),
            Subject(
                "tickets",
                N_("Tickets"),
                sees=(Permission.SKILL_WRITE, Permission.CREW_WRITE),
                edits=(Permission.SKILL_WRITE,),
                script="skills/administration_tickets",
            ),
            Subject(
                "skills",
                N_("Skills"),
                sees=(Permission.SKILL_WRITE,),
                edits=(Permission.SKILL_WRITE,),
                script="skills/administration",
            ),
            Subject(
                "vehicles",
                N_("Vehicles"),
                sees=(Permission.VEHICLE_WRITE,),
                edits=(Permission.VEHICLE_WRITE,),
                script="vehicles/administration",
            ),
            Subject(
                "equipment",
                N_("Equipment"),
                sees=(Permission.VEHICLE_WRITE,),
                edits=(Permission.VEHICLE_WRITE,),
                script="vehicles/administration_equipment",
            ),
            Subject(
                "units",
                N_("Units"),
                sees=(Permission.UNIT_READ,),
                edits=(Permission.UNIT_WRITE,),
                script="units/administration",
            ),
            Subject(
                "loans",
                N_("Lending crews"),
                sees=(Permission.LENDING_ASK, Permission.LENDING_APPROVE),
                edits=(Permission.LENDING_ASK, Permission.LENDING_APPROVE),
                script="lending/administration",
            ),
            Subject(
                "sight",
                N_("Who sees what"),
                sees=(Permission.ACCOUNT_READ,),
                edits=(Permission.ACCOUNT_READ,),
                script="visibility/administration",
            ),
        ),
    ),
    Group(
        N_("Rules"),
        (
            _page(
                "kinds",
                N_("Kinds of incidents"),
                Permission.KIND_WRITE,
                script="incidents/administration_kinds",
            ),
            _page(
                "rule-changes",
                N_("Changes to approve"),
                Permission.RULES_APPROVE,
                script="roles/administration_rule_changes",
            ),
            _page(
                "safety-texts",
                N_("Safety words for callers"),
                Permission.KIND_WRITE,
                script="callers/administration_safety_texts",
            ),
            _page("plans", N_("Response plans"), *_RULES, script="plans/administration"),
            _page(
                "outcomes",
                N_("Outcomes"),
                Permission.OUTCOME_WRITE,
                script="outcomes/administration",
            ),
            _page(
                "forms",
                N_("Forms on the spot"),
                Permission.OUTCOME_WRITE,
                script="forms/administration",
            ),
            _page(
                "result-codes",
                N_("Result codes"),
                Permission.OUTCOME_WRITE,
                script="forms/administration_codes",
            ),
            _page(
                "parts",
                N_("Parts"),
                Permission.OUTCOME_WRITE,
                script="forms/administration_parts",
            ),
            _page("check-ins", N_("Check-ins"), *_RULES, script="safety/administration"),
            _page("reasons", N_("Override reasons"), *_RULES, script="sending/administration"),
            Subject("chains", N_("Escalation"), sees=_RULES, address="/chains"),
            _page("pledges", N_("Pledges"), *_RULES, script="pledges/administration"),
            Subject("examples", N_("Pledges: examples, weather"), sees=_RULES, address="/pledges"),
            _page(
                "calendars",
                N_("Calendars"),
                *_RULES,
                script="pledges/administration_calendars",
            ),
        ),
    ),
    Group(
        N_("Ways to reach people"),
        (
            _page(
                "gateways",
                N_("Gateways"),
                Permission.GATEWAY_WRITE,
                script="gateways/administration",
            ),
            Subject(
                "channels",
                N_("Channels"),
                sees=(Permission.RULES_WRITE, Permission.GATEWAY_WRITE),
                address="/channels",
            ),
            Subject(
                "trackers",
                N_("Trackers"),
                sees=(Permission.DEVICE_WRITE,),
                address="/trackers",
            ),
        ),
    ),
    Group(
        N_("Callers"),
        (
            Subject(
                "call-backs",
                N_("To call back"),
                sees=(Permission.RULES_WRITE,),
                edits=(Permission.INCIDENT_WRITE,),
                script="callers/administration_call_backs",
            ),
        ),
    ),
    Group(
        N_("Map and ground"),
        (
            _page("zones", N_("Zones"), Permission.ZONE_WRITE, script="zones/administration"),
            _page("layers", N_("Layers"), Permission.LAYER_WRITE, script="layers/administration"),
            _page(
                "closures",
                N_("Closures"),
                Permission.CLOSURE_WRITE,
                script="closures/administration",
            ),
        ),
    ),
    Group(
        N_("System"),
        (
            _page(
                "retention",
                N_("Retention"),
                Permission.SETTING_WRITE,
                script="retention/administration",
            ),
        ),
    ),
)


def subjects_for(actor: Actor) -> Iterator[tuple[str, list[Subject]]]:
    """Yield the groups that hold something for somebody, by title."""
    for group in GROUPS:
        seen = [each for each in group.subjects if each.may_see(actor)]
        if seen:
            yield group.title, seen


def subject_named(name: str) -> Subject | None:
    """Return a subject that has a page here; None if there is none."""
    found = (each for group in GROUPS for each in group.subjects if each.name == name)
    subject = next(found, None)
    return subject if subject is not None and subject.script else None
