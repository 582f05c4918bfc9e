"""Permissions in words: one sentence each, grouped by subject, for pages and documents.

Sentences are English here; pages translate them by their catalogue.
"""

from dataclasses import dataclass
from typing import Final

from dispatch.access.permissions import Permission
from dispatch.core.errors import N_


@dataclass(frozen=True, slots=True)
class PermissionSubject:
    """Permissions that belong together.

    Attributes
    ----------
    code
        Stable name of the group.
    label
        Its heading.
    sentences
        What each permission of the group lets its holder do, in the order in which it is shown.
    """

    code: str
    label: str
    sentences: dict[Permission, str]


SUBJECTS: Final = (
    PermissionSubject(
        "incidents",
        N_("Incidents"),
        {
            Permission.INCIDENT_READ: N_(
                "See incidents, the board and the history, in the units that one sees."
            ),
            Permission.INCIDENT_WRITE: N_(
                "Enter incidents and reports, correct and merge them, write to crews."
            ),
            Permission.INCIDENT_CLOSE: N_("Close, cancel and reopen incidents."),
            Permission.CALLER_READ: N_("See callers' telephone numbers in full."),
            Permission.CLOCK_WRITE: N_(
                "Pause the clocks of pledges and give the causes of breaches."
            ),
            Permission.WEATHER_WRITE: N_("Declare weather in which other pledges hold."),
        },
    ),
    PermissionSubject(
        "sending",
        N_("Sending"),
        {
            Permission.ASSIGNMENT_SEND: N_(
                "See candidates, send crews, make offers, ask crews to move up."
            ),
            Permission.ASSIGNMENT_INTERRUPT: N_("Call a crew away from what it is doing."),
            Permission.ASSIGNMENT_ACT_ANY: N_(
                "Report the steps of any crew's orders in its place, and withdraw orders."
            ),
            Permission.ASSIGNMENT_ACT_OWN: N_(
                "Answer the orders of one's own crew and report its steps."
            ),
        },
    ),
    PermissionSubject(
        "crews",
        N_("Crews and shifts"),
        {
            Permission.CREW_READ: N_("See crews, their positions and how they are reached."),
            Permission.CREW_WRITE: N_("Add and change crews and their members."),
            Permission.VEHICLE_WRITE: N_("Add and change vehicles and their equipment."),
            Permission.SKILL_WRITE: N_("Record skills and when they expire."),
            Permission.DEVICE_WRITE: N_("Set up and revoke the devices that report positions."),
            Permission.CREW_DUTY_ANY: N_("Put any crew on duty, off duty or on a break."),
            Permission.CREW_DUTY_OWN: N_("Put one's own crew on duty, off duty or on a break."),
            Permission.SHIFT_READ: N_("See the rota."),
            Permission.SHIFT_WRITE: N_("Plan shifts, rotations and holidays, and enter swaps."),
            Permission.SHIFT_APPROVE: N_("Approve or refuse swaps of shifts."),
            Permission.SHIFT_OWN: N_("See one's own crew's shifts and ask for swaps."),
            Permission.POSITION_WRITE_OWN: N_("Report the position of one's own crew."),
            Permission.POSITION_WRITE_ANY: N_(
                "Report the positions of all crews, as a tracking system does."
            ),
        },
    ),
    PermissionSubject(
        "map",
        N_("Map"),
        {
            Permission.CLOSURE_READ: N_("See road closures."),
            Permission.CLOSURE_WRITE: N_("Close roads and open them again."),
            Permission.ZONE_READ: N_("See zones."),
            Permission.ZONE_WRITE: N_("Draw, change, import and remove zones."),
            Permission.LAYER_READ: N_("See the utility's own layers."),
            Permission.LAYER_WRITE: N_("Import, change and remove the utility's own layers."),
        },
    ),
    PermissionSubject(
        "rules",
        N_("Rules"),
        {
            Permission.KIND_WRITE: N_(
                "Change kinds of incidents: skills, work time, danger radius."
            ),
            Permission.OUTCOME_WRITE: N_(
                "Change how orders can end, and the forms, codes and parts that crews note."
            ),
            Permission.RULES_WRITE: N_(
                "Change pledges, calendars, escalation chains, response plans and check-ins."
            ),
            Permission.RULES_APPROVE: N_("Approve changes of rules that somebody else entered."),
        },
    ),
    PermissionSubject(
        "reports",
        N_("Looking back"),
        {
            Permission.REPLAY_READ: N_("Replay what happened."),
            Permission.MEASURE_READ: N_("See measures: response times, pledges kept, workload."),
            Permission.PLANNING_WRITE: N_(
                "Try out standby points, keep them as scenarios and have studies made of them."
            ),
            Permission.EXPORT: N_("Take records out of the system as files."),
            Permission.CALLERS_EXPORT: N_("Have callers' names and numbers in those files."),
        },
    ),
    PermissionSubject(
        "organisation",
        N_("Organisation"),
        {
            Permission.UNIT_READ: N_("See the tree of units."),
            Permission.UNIT_WRITE: N_("Add, rename, move and remove units."),
            Permission.STATION_WRITE: N_("Add and change stations."),
            Permission.LENDING_ASK: N_("Ask another unit for a crew, and offer one."),
            Permission.LENDING_APPROVE: N_("Approve that a crew is lent."),
        },
    ),
    PermissionSubject(
        "accounts",
        N_("Accounts and access"),
        {
            Permission.ACCOUNT_READ: N_("See accounts, their roles and where they are signed in."),
            Permission.ACCOUNT_WRITE: N_(
                "Invite, change, move and disable accounts, and end their sessions."
            ),
            Permission.TOKEN_WRITE: N_("Make and revoke tokens for programs."),
            Permission.ROLE_WRITE: N_("Change what roles permit, and which may not go together."),
            Permission.SECURITY_WRITE: N_(
                "Set how people sign in: second factors, the company's sign-on."
            ),
        },
    ),
    PermissionSubject(
        "service",
        N_("Service and audit"),
        {
            Permission.GATEWAY_WRITE: N_("Set up gateways for SMS, calls and chats."),
            Permission.SETTING_WRITE: N_("Change settings, among them how long records are kept."),
            Permission.SERVICE_READ: N_("See the state of the service."),
            Permission.AUDIT_READ: N_("Read the audit trail."),
            Permission.AUDIT_EXPORT: N_("Take the audit trail out of the system as a file."),
            Permission.READING_UNBLOCK: N_(
                "Let somebody who read too many callers' numbers read again."
            ),
        },
    ),
)
SENTENCES: Final[dict[str, str]] = {
    permission: sentence
    for subject in SUBJECTS
    for permission, sentence in subject.sentences.items()
}
"""The sentence of each permission, by its stored name."""
