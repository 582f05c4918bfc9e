"""Every kind of event, said once: its stored name, who may see it, and its words.

Where events are appended, read and replayed they are named by `EventKind`; the words are served to
the pages, which translate them. Pure: no storage.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from typing import Final

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_


class EventKind(StrEnum):
    """The stored names."""

    INCIDENT_CREATED = "incident.created"
    INCIDENT_UPDATED = "incident.updated"
    INCIDENT_CLOSED = "incident.closed"
    INCIDENT_CANCELLED = "incident.cancelled"
    INCIDENT_REOPENED = "incident.reopened"
    INCIDENT_MERGED = "incident.merged"
    INCIDENT_LEVEL_CHANGED = "incident.level_changed"
    INCIDENT_MERGED_IN = "incident.merged_in"
    """Of the one that another was merged into."""
    INCIDENT_UNMERGED = "incident.unmerged"
    INCIDENT_PARTED = "incident.parted"
    """Of the one that another was taken out of again."""
    INCIDENT_DANGER_SET = "incident.danger_set"
    REPORT_CALLED_BACK = "report.called_back"
    CALLER_LINK_MADE = "caller.link_made"
    CALLER_LINK_REVOKED = "caller.link_revoked"
    CALLER_LINK_FAILED = "caller.link_failed"
    CALLER_PLACED = "caller.placed"
    """Said where he is."""
    CALLER_RATED = "caller.rated"
    SAFETY_TEXT_CHANGED = "safety_text.changed"
    PUBLIC_REPORT_RECEIVED = "public_report.received"
    """From the public page; the desk has to look whether it is one."""
    PUBLIC_REPORT_SETTLED = "public_report.settled"
    INCIDENT_NOT_DONE = "incident.not_done"
    """Written by a migration: it stood as resolved, and its last crew had not done the work."""
    INCIDENT_NOTED = "incident.noted"
    INCIDENT_REPORTED = "incident.reported"
    INCIDENT_PHOTOGRAPHED = "incident.photographed"
    INCIDENT_PHOTO_SHOWN = "incident.photo_shown"
    INCIDENT_PHOTO_REFUSED = "incident.photo_refused"
    INCIDENT_RECORDED = "incident.recorded"
    """A video or a sound was added."""
    ASSIGNMENT_SIGNED = "assignment.signed"
    """By the customer, on the crew's phone."""
    ASSIGNMENT_NOT_SIGNED = "assignment.not_signed"
    """The customer would not, and why is known."""
    WORK_REPORT_SENT = "work_report.sent"
    """The customer was sent the link to the printable report."""
    WORK_REPORT_NOT_SENT = "work_report.not_sent"
    MESSAGE_SENT = "message.sent"
    MESSAGE_READ = "message.read"
    ASSIGNMENT_OFFERED = "assignment.offered"
    ASSIGNMENT_ACCEPTED = "assignment.accepted"
    ASSIGNMENT_DECLINED = "assignment.declined"
    ASSIGNMENT_DEPARTED = "assignment.departed"
    ASSIGNMENT_ARRIVED = "assignment.arrived"
    ASSIGNMENT_COMPLETED = "assignment.completed"
    ASSIGNMENT_WITHDRAWN = "assignment.withdrawn"
    ASSIGNMENT_PROMOTED = "assignment.promoted"
    ASSIGNMENT_EXPIRED = "assignment.expired"
    ASSIGNMENT_ROLE_CHANGED = "assignment.role_changed"
    ASSIGNMENT_MEASURED = "assignment.measured"
    CLOCKS_STARTED = "clock.started"
    CLOCK_CHANGED = "clock.changed"
    CLOCK_PAUSED = "clock.paused"
    CLOCK_RESUMED = "clock.resumed"
    CLOCK_STOPPED = "clock.stopped"
    CLOCK_ENDED = "clock.ended"
    CLOCK_REVIVED = "clock.revived"
    CLOCK_WARNED = "clock.warned"
    CLOCK_BREACHED = "clock.breached"
    CLOCK_CAUSE_GIVEN = "clock.cause_given"
    PLEDGE_CHANGED = "pledge.changed"
    CALENDAR_CHANGED = "calendar.changed"
    WEATHER_DECLARED = "weather.declared"
    ASSIGNMENT_MARKED = "assignment.marked"
    ASSIGNMENT_WAY_CHOSEN = "assignment.way_chosen"
    ASSIGNMENT_RUNG_AGAIN = "assignment.rung_again"
    ASSIGNMENT_NEXT_FOUND = "assignment.next_found"
    ASSIGNMENT_DESK_ALARMED = "assignment.desk_alarmed"
    ASSIGNMENT_SUPERVISOR_CALLED = "assignment.supervisor_called"
    ASSIGNMENT_WAITED_FOR = "assignment.waited_for"
    ASSIGNMENT_MOVED = "assignment.moved"
    """Its incident was merged into the one that the event names, or taken out again."""
    ALARM_ACKNOWLEDGED = "alarm.acknowledged"
    ASSIGNMENT_NOTIFIED = "assignment.notified"
    ASSIGNMENT_UNDERSTOOD = "assignment.understood"
    OFFER_MADE = "offer.made"
    OFFER_SEEN = "offer.seen"
    OFFER_DECLINED = "offer.declined"
    OFFER_TAKEN = "offer.taken"
    OFFER_EXPIRED = "offer.expired"
    OFFER_REFUSED = "offer.refused"
    OFFER_WITHDRAWN = "offer.withdrawn"
    OFFER_ENDED = "offer.ended"
    MOVE_UP_ASKED = "move_up.asked"
    MOVE_UP_ACCEPTED = "move_up.accepted"
    MOVE_UP_DECLINED = "move_up.declined"
    MOVE_UP_CANCELLED = "move_up.cancelled"
    MOVE_UP_ENDED = "move_up.ended"
    """The crew was sent to an incident, or went off duty."""
    ASSIGNMENT_INTERRUPTED = "assignment.interrupted"
    ASSIGNMENT_OVERRIDE_EXPLAINED = "assignment.override_explained"
    CHECK_IN_STARTED = "check_in.started"
    CHECK_IN_DUE = "check_in.due"
    CHECK_IN_MISSED = "check_in.missed"
    CHECK_IN_ESCALATED = "check_in.escalated"
    CHECK_IN_RULE_CHANGED = "check_in.rule_changed"
    CREW_WELL = "crew.well"
    ROLL_CALL_ASKED = "roll_call.asked"
    ROLL_CALL_OVERDUE = "roll_call.overdue"
    ROLL_CALL_ENDED = "roll_call.ended"
    SOS_RAISED = "sos.raised"
    SOS_TAKEN = "sos.taken"
    SOS_ESCALATED = "sos.escalated"
    SOS_ENDED = "sos.ended"
    HELP_ASKED = "help.asked"
    HELP_ENDED = "help.ended"
    SHIFT_TEMPLATE_CHANGED = "shift_template.changed"
    ROTATION_CHANGED = "rotation.changed"
    SHIFT_ADDED = "shift.added"
    SHIFT_CHANGED = "shift.changed"
    SHIFT_CANCELLED = "shift.cancelled"
    SHIFT_ENDING = "shift.ending"
    """Soon; what the crew still has to do is handed over or stays with it."""
    SHIFT_HANDED_OVER = "shift.handed_over"
    SWAP_ASKED = "swap.asked"
    SWAP_ANSWERED = "swap.answered"
    SWAP_DECIDED = "swap.decided"
    STAFFING_RULE_CHANGED = "staffing_rule.changed"
    STAFFING_GAPS_FOUND = "staffing.gaps_found"
    SHIFT_FEED_CHANGED = "shift_feed.changed"
    CREW_ADDED = "crew.added"
    CREW_CHANGED = "crew.changed"
    CREW_DUTY_CHANGED = "crew.duty_changed"
    CREW_RETIRED = "crew.retired"
    CREW_RESTORED = "crew.restored"
    CREW_MEMBERS_CHANGED = "crew.members_changed"
    CREW_SKILLS_CHANGED = "crew.skills_changed"
    """What it can do now; tickets of members began or ended to count."""
    PERSON_CHANGED = "person.changed"
    TICKET_ADDED = "ticket.added"
    TICKET_CHANGED = "ticket.changed"
    TICKET_WITHDRAWN = "ticket.withdrawn"
    TICKET_EXPIRES_SOON = "ticket.expires_soon"
    ASSIGNMENT_SKILL_LOST = "assignment.skill_lost"
    """Its crew no longer has a skill that the work needs; the order goes on."""
    SKILL_CHANGED = "skill.changed"
    EQUIPMENT_CHANGED = "equipment.changed"
    VEHICLE_ADDED = "vehicle.added"
    VEHICLE_CHANGED = "vehicle.changed"
    VEHICLE_RETIRED = "vehicle.retired"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    ACCOUNT_RENAMED = "account.renamed"
    ACCOUNT_ROLES_CHANGED = "account.roles_changed"
    ACCOUNT_PASSWORD_CHANGED = "account.password_changed"  # noqa: S105  (a kind of event)
    ACCOUNT_FACTOR_ADDED = "account.factor_added"
    ACCOUNT_FACTOR_REMOVED = "account.factor_removed"
    ACCOUNT_FACTORS_RESET = "account.factors_reset"
    ACCOUNT_RECOVERY_CODES_MADE = "account.recovery_codes_made"
    ACCOUNT_RECOVERY_CODE_USED = "account.recovery_code_used"
    ACCOUNT_LINKED = "account.linked"
    ACCOUNT_UNLINKED = "account.unlinked"
    ACCOUNT_INVITED_BY_PROVIDER = "account.invited_by_provider"
    FACTOR_RULE_SET = "factor_rule.set"
    ACCOUNT_INVITED = "account.invited"
    ACCOUNT_RESET = "account.reset"
    """A link was made by which its owner chooses a new password; the old one is void."""
    ACCOUNT_JOINED = "account.joined"
    """Its owner chose a password by a link."""
    ACCOUNT_MOVED = "account.moved"
    ACCOUNT_SIGN_IN_ENDED = "account.sign_in_ended"
    ACCOUNT_TOKEN_ISSUED = "account.token_issued"  # noqa: S105  (a kind of event)
    ACCOUNT_TOKEN_REVOKED = "account.token_revoked"  # noqa: S105  (a kind of event)
    ACCOUNTS_CHANGED = "account.many_changed"
    """Many at once, in one event: one for each would hold up whoever sends a crew."""
    ROLE_ADDED = "role.added"
    ROLE_CHANGED = "role.changed"
    ROLE_REMOVED = "role.removed"
    ROLE_EXCLUSIONS_CHANGED = "role.exclusions_changed"
    SEPARATION_CHANGED = "separation.changed"
    RULE_CHANGE_ENTERED = "rule_change.entered"
    RULE_CHANGE_APPROVED = "rule_change.approved"
    RULE_CHANGE_REFUSED = "rule_change.refused"
    READING_BLOCKED = "reading.blocked"
    READING_UNBLOCKED = "reading.unblocked"
    CLOSURE_CREATED = "closure.created"
    CLOSURE_LIFTED = "closure.lifted"
    ZONE_CREATED = "zone.created"
    ZONE_CHANGED = "zone.changed"
    ZONE_REMOVED = "zone.removed"
    ZONE_IMPORTED = "zone.imported"
    LAYER_IMPORTED = "layer.imported"
    LAYER_CHANGED = "layer.changed"
    LAYER_REMOVED = "layer.removed"
    KIND_DANGER_SET = "kind.danger_set"
    OVERRIDE_REASON_CHANGED = "override_reason.changed"
    OUTCOME_CHANGED = "outcome.changed"
    OUTCOME_RETIRED = "outcome.retired"
    FORM_CHANGED = "form.changed"
    RESULT_CODE_CHANGED = "result_code.changed"
    PART_CHANGED = "part.changed"
    PLAN_CHANGED = "plan.changed"
    CHAIN_CHANGED = "chain.changed"
    CHAIN_REMOVED = "chain.removed"
    KIND_ADDED = "kind.added"
    KIND_CHANGED = "kind.changed"
    STATION_ADDED = "station.added"
    STATION_CHANGED = "station.changed"
    STATION_REMOVED = "station.removed"
    DEVICE_REVOKED = "device.revoked"
    TRACKER_ADDED = "tracker.added"
    TRACKER_CHANGED = "tracker.changed"
    TRACKER_ISSUED = "tracker.issued"
    TRACKER_REVOKED = "tracker.revoked"
    CREW_SILENT = "crew.silent"
    """On duty, and not heard for longer than it may be."""
    CREW_SILENCE_SEEN = "crew.silence_seen"
    CREW_SILENCE_ESCALATED = "crew.silence_escalated"
    CREW_HEARD_AGAIN = "crew.heard_again"
    SILENCE_LIMIT_CHANGED = "silence_limit.changed"
    TABLE_EXPORTED = "table.exported"
    TABLE_IMPORTED = "table.imported"
    GATEWAY_ADDED = "gateway.added"
    GATEWAY_CHANGED = "gateway.changed"
    GATEWAY_REMOVED = "gateway.removed"
    CONTACTS_CHANGED = "contacts.changed"
    CREW_TEST_RUNG = "crew.test_rung"
    DELIVERY_SENT = "delivery.sent"
    DELIVERY_REACHED = "delivery.reached"
    DELIVERY_ANSWERED = "delivery.answered"
    DELIVERY_FAILED = "delivery.failed"
    UNIT_ADDED = "unit.added"
    UNIT_CHANGED = "unit.changed"
    UNIT_MOVED = "unit.moved"
    UNIT_DELETED = "unit.deleted"
    UNIT_GIVEN = "unit.given"
    """Stations, zones, layers, gateways or pledges went to another unit."""
    INCIDENT_MOVED = "incident.moved"
    INCIDENT_LEFT = "incident.left"
    """Seen from the unit that it was moved out of: it may not be seen there any more."""
    CREW_MOVED = "crew.moved"
    LOAN_ASKED = "loan.asked"
    LOAN_AGREED = "loan.agreed"
    LOAN_REFUSED = "loan.refused"
    LOAN_BEGAN = "loan.began"
    LOAN_ENDED = "loan.ended"
    GROUND_IMPORTED = "ground.imported"
    ADDRESSES_DERIVED = "addresses.derived"
    """Of incidents that are over; one that is not changes as if somebody wrote the address."""
    LOG_UNREADABLE = "log.unreadable"
    """Never stored: stands for an entry that this release cannot read."""


class Audience(StrEnum):
    """Who may see an event; the crew that it concerns may see all but `ADMINISTRATORS`."""

    DESK = "desk"
    ROAD_USERS = "road_users"
    """Whoever drives has to know what is closed."""
    CREWS = "crews"
    """The desk and every crew: whoever is in the field is asked whether all is well."""
    EVERYBODY = "everybody"
    """Everybody looks at the ground."""
    SUPERVISORS = "supervisors"
    """Whoever may look into what somebody read."""
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What holds for a kind of event.

    Attributes
    ----------
    label
        A word or two, where events are listed.
    sentences
        For timelines, the fullest first: one is taken when all its named places can be filled.
        `who` acted, `crew` it concerns; `kind`, `time`, `duty`, `level`, `role` and `account` come
        from the event's data, and so does the outcome's name, as `not_done` or `made_safe` where it
        means that.
    by_crew
        Whether a crew does this; where the desk did it for the crew, that is said.
    """

    label: str
    sentences: tuple[str, ...] = ()
    audience: Audience = Audience.DESK
    by_crew: bool = False


EVENT_FACTS: dict[EventKind, EventFacts] = {
    EventKind.INCIDENT_CREATED: EventFacts(
        N_("Reported"),
        (N_("%(who)s took the report: %(kind)s"), N_("%(who)s took the report")),
    ),
    EventKind.INCIDENT_UPDATED: EventFacts(N_("Details changed"), (N_("%(who)s changed details"),)),
    EventKind.INCIDENT_CLOSED: EventFacts(N_("Closed"), (N_("%(who)s closed the incident"),)),
    EventKind.INCIDENT_CANCELLED: EventFacts(
        N_("Cancelled"), (N_("%(who)s cancelled the incident"),)
    ),
    EventKind.INCIDENT_REOPENED: EventFacts(N_("Reopened"), (N_("%(who)s reopened the incident"),)),
    EventKind.INCIDENT_MERGED: EventFacts(
        N_("Merged"), (N_("%(who)s merged it into incident %(other)s"),)
    ),
    EventKind.INCIDENT_MERGED_IN: EventFacts(
        N_("Another merged in"), (N_("%(who)s merged incident %(other)s into this one"),)
    ),
    EventKind.INCIDENT_UNMERGED: EventFacts(
        N_("Taken out again"), (N_("%(who)s took it out of incident %(other)s again"),)
    ),
    EventKind.INCIDENT_PARTED: EventFacts(
        N_("Another taken out"), (N_("%(who)s took incident %(other)s out of this one again"),)
    ),
    EventKind.INCIDENT_DANGER_SET: EventFacts(
        N_("Danger radius set"),
        (
            N_("%(who)s set the danger radius to %(radius)s"),
            N_("%(who)s set the danger radius back to that of the kind"),
        ),
    ),
    EventKind.REPORT_CALLED_BACK: EventFacts(
        N_("Called back"), (N_("%(who)s called back %(caller)s"), N_("%(who)s called back"))
    ),
    EventKind.CALLER_LINK_MADE: EventFacts(
        N_("Link for the caller"), (N_("%(who)s made a link for the caller to follow the case"),)
    ),
    EventKind.CALLER_LINK_REVOKED: EventFacts(
        N_("Link of the caller revoked"), (N_("%(who)s revoked the link of the caller"),)
    ),
    EventKind.CALLER_LINK_FAILED: EventFacts(
        N_("Link not sent"), (N_("The message with the link could not be sent to the caller"),)
    ),
    EventKind.CALLER_PLACED: EventFacts(N_("Caller's place"), (N_("The caller said where he is"),)),
    EventKind.CALLER_RATED: EventFacts(
        N_("Rated by the caller"),
        (
            N_("The caller gave %(rating)s of 5 and asks to be called"),
            N_("The caller gave %(rated)s of 5"),
            N_("The caller asks to be called"),
        ),
    ),
    EventKind.PUBLIC_REPORT_RECEIVED: EventFacts(N_("Unconfirmed report")),
    EventKind.PUBLIC_REPORT_SETTLED: EventFacts(N_("Unconfirmed report settled")),
    EventKind.SAFETY_TEXT_CHANGED: EventFacts(N_("Safety words for callers changed")),
    EventKind.INCIDENT_LEVEL_CHANGED: EventFacts(
        N_("Alarm level changed"), (N_("%(who)s set alarm level %(level)s"),)
    ),
    EventKind.INCIDENT_NOT_DONE: EventFacts(
        N_("Not done: open again"),
        (N_("Open again: %(crew)s had not done the work (%(not_done)s)"),),
    ),
    EventKind.INCIDENT_NOTED: EventFacts(N_("Note added"), (N_("%(who)s wrote a note"),)),
    EventKind.INCIDENT_REPORTED: EventFacts(N_("Reported again"), (N_("%(who)s added a report"),)),
    EventKind.INCIDENT_PHOTOGRAPHED: EventFacts(N_("Photo added"), (N_("%(who)s added a photo"),)),
    EventKind.INCIDENT_PHOTO_SHOWN: EventFacts(
        N_("Photo checked"), (N_("A photo was checked and is shown"),)
    ),
    EventKind.INCIDENT_PHOTO_REFUSED: EventFacts(
        N_("Photo refused"), (N_("A photo cannot be shown"),)
    ),
    EventKind.INCIDENT_RECORDED: EventFacts(
        N_("Recording added"), (N_("%(who)s added a recording"),)
    ),
    EventKind.ASSIGNMENT_SIGNED: EventFacts(
        N_("Customer signed"), (N_("The customer signed for %(crew)s"),), by_crew=True
    ),
    EventKind.ASSIGNMENT_NOT_SIGNED: EventFacts(
        N_("Customer did not sign"), (N_("The customer did not sign for %(crew)s"),), by_crew=True
    ),
    EventKind.WORK_REPORT_SENT: EventFacts(
        N_("Report sent to the customer"),
        (N_("The customer was sent the report of %(crew)s"),),
    ),
    EventKind.WORK_REPORT_NOT_SENT: EventFacts(
        N_("Report not sent"),
        (N_("The report of %(crew)s could not be sent to the customer"),),
    ),
    EventKind.MESSAGE_SENT: EventFacts(N_("Message"), (N_("%(who)s wrote a message"),)),
    EventKind.MESSAGE_READ: EventFacts(N_("Messages read"), (N_("%(who)s read the messages"),)),
    EventKind.ASSIGNMENT_OFFERED: EventFacts(
        N_("Sent"),
        (
            N_("%(who)s asked %(crew)s to go, about %(travel)s once they set out"),
            N_("%(who)s asked %(crew)s to go"),
        ),
    ),
    EventKind.ASSIGNMENT_ACCEPTED: EventFacts(
        N_("Accepted"), (N_("%(crew)s accepted"),), by_crew=True
    ),
    EventKind.ASSIGNMENT_DECLINED: EventFacts(
        N_("Declined"), (N_("%(crew)s declined"),), by_crew=True
    ),
    EventKind.ASSIGNMENT_DEPARTED: EventFacts(
        N_("Departed"),
        (N_("%(crew)s set out, expected at %(time)s"), N_("%(crew)s set out")),
        by_crew=True,
    ),
    EventKind.ASSIGNMENT_ARRIVED: EventFacts(
        N_("Arrived"), (N_("%(crew)s arrived"),), by_crew=True
    ),
    EventKind.ASSIGNMENT_COMPLETED: EventFacts(
        N_("Order ended"),
        (
            N_("%(crew)s has not done the work (%(not_done)s)"),
            N_("%(crew)s leaves a repair to follow (%(made_safe)s)"),
            N_("%(crew)s completed the order"),
        ),
        by_crew=True,
    ),
    EventKind.ASSIGNMENT_MEASURED: EventFacts(
        N_("Measured"),
        (
            N_("%(crew)s measured beyond the alarm limit: %(beyond)s"),
            N_("%(crew)s measured %(measured)s"),
            N_("%(crew)s filled in a form"),
        ),
        by_crew=True,
    ),
    EventKind.ASSIGNMENT_WITHDRAWN: EventFacts(N_("Withdrawn"), (N_("%(who)s recalled %(crew)s"),)),
    EventKind.ASSIGNMENT_PROMOTED: EventFacts(
        N_("Moved up: now this order"), (N_("%(crew)s goes here now"),)
    ),
    EventKind.ASSIGNMENT_EXPIRED: EventFacts(
        N_("Not answered in time"),
        (
            N_("%(crew)s did not answer in time: %(next)s is asked instead"),
            N_("%(crew)s did not answer in time"),
        ),
    ),
    EventKind.ASSIGNMENT_MARKED: EventFacts(
        N_("Reached the crew"), (N_("%(crew)s: %(marks)s"),), by_crew=True
    ),
    EventKind.ASSIGNMENT_WAY_CHOSEN: EventFacts(
        N_("Another way"),
        (N_("%(crew)s drives by %(street)s"), N_("%(crew)s drives by another way")),
        by_crew=True,
    ),
    EventKind.ASSIGNMENT_RUNG_AGAIN: EventFacts(N_("Rung again"), (N_("%(crew)s is rung again"),)),
    EventKind.ASSIGNMENT_NEXT_FOUND: EventFacts(
        N_("Next best crew"),
        (
            N_("Instead of %(crew)s, next best is %(next)s, %(travel)s"),
            N_("Instead of %(crew)s, next best is %(next)s, by straight distance"),
            N_("Instead of %(crew)s, no other crew is free"),
        ),
    ),
    EventKind.ASSIGNMENT_DESK_ALARMED: EventFacts(
        N_("Desk alarmed"), (N_("%(crew)s has not set out: the desk is alarmed"),)
    ),
    EventKind.ASSIGNMENT_SUPERVISOR_CALLED: EventFacts(
        N_("Supervisor called"), (N_("The supervisor is called about %(crew)s"),)
    ),
    EventKind.ASSIGNMENT_WAITED_FOR: EventFacts(
        N_("Kept waiting"), (N_("%(who)s waits for %(crew)s until %(until)s"),)
    ),
    EventKind.ASSIGNMENT_ROLE_CHANGED: EventFacts(
        N_("Role changed"), (N_("%(crew)s now: %(role)s"),)
    ),
    EventKind.CLOCKS_STARTED: EventFacts(N_("Pledges running"), (N_("Pledges running"),)),
    EventKind.CLOCK_CHANGED: EventFacts(
        N_("Pledge changed with the incident"), (N_("Another pledge holds now: %(pledge)s"),)
    ),
    EventKind.CLOCK_PAUSED: EventFacts(
        N_("Pledge paused"), (N_("%(who)s paused the pledge %(pledge)s: %(pause)s"),)
    ),
    EventKind.CLOCK_RESUMED: EventFacts(
        N_("Pledge running again"), (N_("%(who)s let the pledge %(pledge)s run again"),)
    ),
    EventKind.CLOCK_STOPPED: EventFacts(
        N_("Pledge decided"), (N_("Pledge %(pledge)s: %(verdict)s"),)
    ),
    EventKind.CLOCK_ENDED: EventFacts(
        N_("Pledge not needed any more"), (N_("Pledge %(pledge)s not needed any more"),)
    ),
    EventKind.CLOCK_REVIVED: EventFacts(
        N_("Pledge running again"), (N_("Pledge %(pledge)s running again"),)
    ),
    EventKind.CLOCK_WARNED: EventFacts(
        N_("Pledge due soon"), (N_("Pledge %(pledge)s is due at %(due)s"),)
    ),
    EventKind.CLOCK_BREACHED: EventFacts(
        N_("Pledge missed"), (N_("Pledge %(pledge)s missed (%(cause)s)"),)
    ),
    EventKind.CLOCK_CAUSE_GIVEN: EventFacts(
        N_("Why the pledge was missed"),
        (N_("%(who)s says why the pledge %(pledge)s was missed: %(cause)s"),),
    ),
    EventKind.PLEDGE_CHANGED: EventFacts(N_("Pledges edited")),
    EventKind.CALENDAR_CHANGED: EventFacts(N_("Calendar edited")),
    EventKind.WEATHER_DECLARED: EventFacts(N_("Weather declared")),
    EventKind.ASSIGNMENT_MOVED: EventFacts(
        N_("Order moved"), (N_("The order of %(crew)s moved here from incident %(other)s"),)
    ),
    EventKind.ASSIGNMENT_INTERRUPTED: EventFacts(
        N_("Interrupted"),
        (N_("%(who)s interrupted %(crew)s, who goes to %(first)s first"),),
    ),
    EventKind.ASSIGNMENT_OVERRIDE_EXPLAINED: EventFacts(
        N_("Why another crew"),
        (N_("%(who)s chose %(crew)s instead of %(recommended)s"),),
    ),
    EventKind.ALARM_ACKNOWLEDGED: EventFacts(
        N_("Alarm acknowledged"),
        (N_("%(who)s has seen the alarm: %(alarm)s (%(crew)s), silent until %(until)s"),),
    ),
    EventKind.ASSIGNMENT_NOTIFIED: EventFacts(
        N_("To be confirmed"), (N_("%(crew)s is told, and has to confirm it"),)
    ),
    EventKind.ASSIGNMENT_UNDERSTOOD: EventFacts(
        N_("Confirmed"), (N_("%(crew)s confirmed: understood"),), by_crew=True
    ),
    EventKind.OFFER_MADE: EventFacts(
        N_("Offered to several crews"), (N_("%(who)s offered it to several crews: %(asked)s"),)
    ),
    EventKind.OFFER_SEEN: EventFacts(
        N_("Offer seen"), (N_("%(crew)s has seen the offer"),), by_crew=True
    ),
    EventKind.OFFER_DECLINED: EventFacts(
        N_("Offer declined"), (N_("%(crew)s declined the offer"),), by_crew=True
    ),
    EventKind.OFFER_TAKEN: EventFacts(
        N_("Offer taken"), (N_("%(crew)s took the offer"),), by_crew=True
    ),
    EventKind.OFFER_EXPIRED: EventFacts(
        N_("Nobody took it in time"), (N_("Nobody took the offer in time"),)
    ),
    EventKind.OFFER_REFUSED: EventFacts(
        N_("All crews declined"), (N_("All crews declined the offer"),)
    ),
    EventKind.OFFER_WITHDRAWN: EventFacts(
        N_("Offer withdrawn"), (N_("%(who)s withdrew the offer"),)
    ),
    EventKind.OFFER_ENDED: EventFacts(
        N_("Offer over"), (N_("The offer is over, for the desk decided otherwise"),)
    ),
    EventKind.MOVE_UP_ASKED: EventFacts(
        N_("Move-up asked"), (N_("%(who)s asked %(crew)s to move up"),)
    ),
    EventKind.MOVE_UP_ACCEPTED: EventFacts(
        N_("Move-up accepted"), (N_("%(crew)s moves up"),), by_crew=True
    ),
    EventKind.MOVE_UP_DECLINED: EventFacts(
        N_("Move-up declined"), (N_("%(crew)s does not move up"),), by_crew=True
    ),
    EventKind.MOVE_UP_CANCELLED: EventFacts(
        N_("Move-up cancelled"), (N_("%(who)s called the move-up of %(crew)s off"),)
    ),
    EventKind.MOVE_UP_ENDED: EventFacts(
        N_("Move-up ended"), (N_("The move-up of %(crew)s ended"),)
    ),
    EventKind.CHECK_IN_STARTED: EventFacts(
        N_("Check-ins begin"), (N_("%(crew)s reports every %(every)s from now on"),)
    ),
    EventKind.CHECK_IN_DUE: EventFacts(
        N_("Check-in due"), (N_("%(crew)s is rung: is everybody all right?"),)
    ),
    EventKind.CHECK_IN_MISSED: EventFacts(
        N_("Check-in missed"),
        (N_("%(crew)s has not said that it is all right; was well at %(well)s"),),
    ),
    EventKind.CHECK_IN_ESCALATED: EventFacts(
        N_("Supervisor told of a missed check-in"),
        (N_("The supervisor is told: %(crew)s has not said that it is all right"),),
    ),
    EventKind.CHECK_IN_RULE_CHANGED: EventFacts(N_("Check-in rule changed")),
    EventKind.CREW_WELL: EventFacts(
        N_("All right"),
        (
            N_("%(crew)s was all right at %(late_well)s, which came late"),
            N_("%(crew)s is all right"),
        ),
        by_crew=True,
    ),
    EventKind.ROLL_CALL_ASKED: EventFacts(
        N_("All crews asked to report"),
        (N_("%(who)s asked all crews to report"),),
        audience=Audience.CREWS,
    ),
    EventKind.ROLL_CALL_OVERDUE: EventFacts(
        N_("Crews have not reported"), (N_("Not all crews have reported"),)
    ),
    EventKind.ROLL_CALL_ENDED: EventFacts(
        N_("All crews report: ended"),
        (N_("Who was asked to report has, or is seen to"),),
        audience=Audience.CREWS,
    ),
    EventKind.SOS_RAISED: EventFacts(N_("SOS"), (N_("SOS from %(crew)s"),)),
    EventKind.SOS_TAKEN: EventFacts(N_("SOS taken"), (N_("%(who)s sees to the SOS of %(crew)s"),)),
    EventKind.SOS_ESCALATED: EventFacts(
        N_("Supervisor told of an SOS"),
        (N_("The supervisor is told: nobody has taken the SOS of %(crew)s"),),
    ),
    EventKind.SOS_ENDED: EventFacts(N_("SOS ended"), (N_("%(who)s ended the SOS of %(crew)s"),)),
    EventKind.HELP_ASKED: EventFacts(N_("Help wanted"), (N_("%(crew)s needs help: %(help)s"),)),
    EventKind.HELP_ENDED: EventFacts(
        N_("Help is on its way"), (N_("%(who)s has seen to the help that %(crew)s asked for"),)
    ),
    EventKind.SHIFT_TEMPLATE_CHANGED: EventFacts(N_("Kind of shift edited")),
    EventKind.ROTATION_CHANGED: EventFacts(N_("Rotation edited")),
    EventKind.SHIFT_ADDED: EventFacts(N_("Shift added")),
    EventKind.SHIFT_CHANGED: EventFacts(N_("Shift changed")),
    EventKind.SHIFT_CANCELLED: EventFacts(N_("Shift cancelled")),
    EventKind.SHIFT_ENDING: EventFacts(N_("Shift ends soon")),
    EventKind.SHIFT_HANDED_OVER: EventFacts(N_("Orders handed over")),
    EventKind.SWAP_ASKED: EventFacts(N_("Swap asked for")),
    EventKind.SWAP_ANSWERED: EventFacts(N_("Swap answered")),
    EventKind.SWAP_DECIDED: EventFacts(N_("Swap decided")),
    EventKind.STAFFING_RULE_CHANGED: EventFacts(N_("Minimum staffing edited")),
    EventKind.STAFFING_GAPS_FOUND: EventFacts(N_("Too few crews planned")),
    EventKind.SHIFT_FEED_CHANGED: EventFacts(N_("Calendar address changed")),
    EventKind.CREW_ADDED: EventFacts(N_("Crew added")),
    EventKind.CREW_CHANGED: EventFacts(N_("Crew changed")),
    EventKind.CREW_DUTY_CHANGED: EventFacts(
        N_("Duty changed"), (N_("%(crew)s: %(duty)s"),), by_crew=True
    ),
    EventKind.CREW_RETIRED: EventFacts(N_("Crew retired")),
    EventKind.CREW_RESTORED: EventFacts(N_("Crew in service again")),
    EventKind.CREW_MEMBERS_CHANGED: EventFacts(N_("Members changed")),
    EventKind.CREW_SKILLS_CHANGED: EventFacts(N_("Skills changed")),
    EventKind.PERSON_CHANGED: EventFacts(N_("Person changed")),
    EventKind.TICKET_ADDED: EventFacts(N_("Ticket added")),
    EventKind.TICKET_CHANGED: EventFacts(N_("Ticket changed")),
    EventKind.TICKET_WITHDRAWN: EventFacts(N_("Ticket withdrawn")),
    EventKind.TICKET_EXPIRES_SOON: EventFacts(
        N_("Ticket expires soon"),
        (N_("%(crew)s: the ticket for %(skill)s expires after %(day)s"),),
    ),
    EventKind.ASSIGNMENT_SKILL_LOST: EventFacts(
        N_("Skill no longer valid"),
        (
            N_("%(crew)s: the ticket for %(skill)s expired on %(expired)s; its order goes on"),
            N_("%(crew)s: the ticket for %(skill)s was withdrawn on %(day)s; its order goes on"),
            N_("%(crew)s no longer has a valid ticket for %(skill)s; its order goes on"),
        ),
    ),
    EventKind.SKILL_CHANGED: EventFacts(N_("Skill changed")),
    EventKind.EQUIPMENT_CHANGED: EventFacts(N_("Equipment changed")),
    EventKind.VEHICLE_ADDED: EventFacts(N_("Vehicle added")),
    EventKind.VEHICLE_CHANGED: EventFacts(N_("Vehicle changed")),
    EventKind.VEHICLE_RETIRED: EventFacts(N_("Vehicle retired")),
    EventKind.ACCOUNT_ADDED: EventFacts(
        N_("Account added"),
        (N_("%(who)s added the account %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_DISABLED: EventFacts(
        N_("Account disabled"),
        (N_("%(who)s disabled the account %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_ENABLED: EventFacts(
        N_("Account enabled"),
        (N_("%(who)s enabled the account %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_RENAMED: EventFacts(
        N_("Account renamed"),
        (N_("%(who)s renamed an account to %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_ROLES_CHANGED: EventFacts(
        N_("Roles changed"),
        (N_("%(who)s changed the roles of %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_PASSWORD_CHANGED: EventFacts(
        N_("Password changed"),
        (N_("%(who)s gave %(account)s a new password"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_FACTOR_ADDED: EventFacts(
        N_("Second factor added"),
        (N_("%(account)s set up a second factor"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_FACTOR_REMOVED: EventFacts(
        N_("Second factor removed"),
        (N_("%(account)s removed a second factor"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_FACTORS_RESET: EventFacts(
        N_("Second factors reset"),
        (N_("%(who)s reset the second factors of %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_RECOVERY_CODES_MADE: EventFacts(
        N_("Recovery codes made"),
        (N_("%(account)s made new recovery codes"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_RECOVERY_CODE_USED: EventFacts(
        N_("Recovery code used"),
        (N_("%(account)s signed in with a recovery code"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_LINKED: EventFacts(
        N_("Account linked"),
        (N_("%(account)s signed in through a provider for the first time"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_UNLINKED: EventFacts(
        N_("Account unlinked"),
        (N_("%(who)s unlinked %(account)s from a provider"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_INVITED_BY_PROVIDER: EventFacts(
        N_("Sign-on allowed"),
        (N_("%(who)s let %(account)s sign in through a provider"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.FACTOR_RULE_SET: EventFacts(
        N_("Second factor demanded"),
        (N_("%(who)s set who must have a second factor"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_INVITED: EventFacts(
        N_("Account invited"),
        (N_("%(who)s invited %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_RESET: EventFacts(
        N_("Password reset"),
        (N_("%(who)s reset the password of %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_JOINED: EventFacts(
        N_("Password chosen"),
        (N_("%(account)s chose a password"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_MOVED: EventFacts(
        N_("Account moved"),
        (N_("%(who)s moved the account %(account)s to another unit"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_SIGN_IN_ENDED: EventFacts(
        N_("Sign-in ended"),
        (N_("%(who)s ended a sign-in of %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_TOKEN_ISSUED: EventFacts(
        N_("Token made"),
        (N_("%(who)s made a token for %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNT_TOKEN_REVOKED: EventFacts(
        N_("Token revoked"),
        (N_("%(who)s revoked a token of %(account)s"),),
        audience=Audience.ADMINISTRATORS,
    ),
    EventKind.ACCOUNTS_CHANGED: EventFacts(
        N_("Accounts changed"), audience=Audience.ADMINISTRATORS
    ),
    EventKind.ROLE_ADDED: EventFacts(N_("Role added"), audience=Audience.ADMINISTRATORS),
    EventKind.ROLE_CHANGED: EventFacts(
        N_("Permissions of a role changed"), audience=Audience.ADMINISTRATORS
    ),
    EventKind.ROLE_REMOVED: EventFacts(N_("Role removed"), audience=Audience.ADMINISTRATORS),
    EventKind.ROLE_EXCLUSIONS_CHANGED: EventFacts(
        N_("Roles that exclude each other changed"), audience=Audience.ADMINISTRATORS
    ),
    EventKind.RULE_CHANGE_ENTERED: EventFacts(
        N_("Change of rules entered"), audience=Audience.ADMINISTRATORS
    ),
    EventKind.RULE_CHANGE_APPROVED: EventFacts(
        N_("Change of rules approved"), audience=Audience.ADMINISTRATORS
    ),
    EventKind.RULE_CHANGE_REFUSED: EventFacts(
        N_("Change of rules refused"), audience=Audience.ADMINISTRATORS
    ),
    EventKind.SEPARATION_CHANGED: EventFacts(
        N_("Separation of duties changed"), audience=Audience.ADMINISTRATORS
    ),
    EventKind.READING_BLOCKED: EventFacts(
        N_("Reading blocked"),
        (N_("%(account)s read %(records)s callers' numbers and is blocked"),),
        audience=Audience.SUPERVISORS,
    ),
    EventKind.READING_UNBLOCKED: EventFacts(
        N_("Reading allowed again"),
        (N_("%(who)s lets %(account)s read callers' numbers again"),),
        audience=Audience.SUPERVISORS,
    ),
    EventKind.CLOSURE_CREATED: EventFacts(N_("Road closed"), audience=Audience.ROAD_USERS),
    EventKind.CLOSURE_LIFTED: EventFacts(N_("Road opened again"), audience=Audience.ROAD_USERS),
    EventKind.ZONE_CREATED: EventFacts(N_("Zone added")),
    EventKind.ZONE_CHANGED: EventFacts(N_("Zone changed")),
    EventKind.ZONE_REMOVED: EventFacts(N_("Zone removed")),
    EventKind.ZONE_IMPORTED: EventFacts(N_("Zones imported")),
    EventKind.LAYER_IMPORTED: EventFacts(N_("Layer imported")),
    EventKind.LAYER_CHANGED: EventFacts(N_("Layer changed")),
    EventKind.LAYER_REMOVED: EventFacts(N_("Layer removed")),
    EventKind.KIND_DANGER_SET: EventFacts(N_("Danger radius of a kind set")),
    EventKind.OVERRIDE_REASON_CHANGED: EventFacts(N_("Reasons for another crew changed")),
    EventKind.OUTCOME_CHANGED: EventFacts(N_("Outcome changed")),
    EventKind.OUTCOME_RETIRED: EventFacts(N_("Outcome retired")),
    EventKind.FORM_CHANGED: EventFacts(N_("Form changed")),
    EventKind.RESULT_CODE_CHANGED: EventFacts(N_("Result code changed")),
    EventKind.PART_CHANGED: EventFacts(N_("Part changed")),
    EventKind.PLAN_CHANGED: EventFacts(N_("Response plan changed")),
    EventKind.CHAIN_CHANGED: EventFacts(N_("Escalation chain changed")),
    EventKind.CHAIN_REMOVED: EventFacts(N_("Escalation chain removed")),
    EventKind.KIND_ADDED: EventFacts(N_("Kind added")),
    EventKind.KIND_CHANGED: EventFacts(N_("Kind changed")),
    EventKind.STATION_ADDED: EventFacts(N_("Station added")),
    EventKind.STATION_CHANGED: EventFacts(N_("Station changed")),
    EventKind.STATION_REMOVED: EventFacts(N_("Station removed")),
    EventKind.DEVICE_REVOKED: EventFacts(N_("Device signed out"), audience=Audience.ADMINISTRATORS),
    EventKind.TRACKER_ADDED: EventFacts(N_("Tracker added"), audience=Audience.ADMINISTRATORS),
    EventKind.TRACKER_CHANGED: EventFacts(N_("Tracker changed"), audience=Audience.ADMINISTRATORS),
    EventKind.TRACKER_ISSUED: EventFacts(
        N_("Tracker given a new secret"), audience=Audience.ADMINISTRATORS
    ),
    EventKind.TRACKER_REVOKED: EventFacts(N_("Tracker revoked"), audience=Audience.ADMINISTRATORS),
    EventKind.CREW_SILENT: EventFacts(
        N_("Crew not heard"), (N_("%(crew)s is on duty and not heard any more"),), by_crew=True
    ),
    EventKind.CREW_SILENCE_SEEN: EventFacts(
        N_("Silence seen to"), (N_("%(who)s sees to the silence of %(crew)s"),)
    ),
    EventKind.CREW_SILENCE_ESCALATED: EventFacts(
        N_("Supervisor told: crew not heard"),
        (N_("%(crew)s is still not heard; the supervisor was told"),),
        by_crew=True,
    ),
    EventKind.CREW_HEARD_AGAIN: EventFacts(
        N_("Crew heard again"), (N_("%(crew)s is heard again"),), by_crew=True
    ),
    EventKind.SILENCE_LIMIT_CHANGED: EventFacts(N_("Limits of silence edited")),
    EventKind.TABLE_EXPORTED: EventFacts(N_("Exported"), audience=Audience.ADMINISTRATORS),
    EventKind.TABLE_IMPORTED: EventFacts(N_("Imported"), audience=Audience.ADMINISTRATORS),
    EventKind.GATEWAY_ADDED: EventFacts(N_("Gateway added")),
    EventKind.GATEWAY_CHANGED: EventFacts(N_("Gateway changed")),
    EventKind.GATEWAY_REMOVED: EventFacts(N_("Gateway removed")),
    EventKind.CONTACTS_CHANGED: EventFacts(N_("Contacts changed")),
    EventKind.CREW_TEST_RUNG: EventFacts(
        N_("Test ring"), (N_("%(who)s asked for a test ring at %(crew)s"),)
    ),
    EventKind.DELIVERY_SENT: EventFacts(
        N_("Told outside the page"),
        (N_("%(told)s: told by %(way)s"),),
    ),
    EventKind.DELIVERY_REACHED: EventFacts(
        N_("Reached outside the page"),
        (N_("%(told)s: reached by %(way)s"),),
    ),
    EventKind.DELIVERY_ANSWERED: EventFacts(
        N_("Answered outside the page"),
        (N_("%(told)s: answered by %(way)s"),),
    ),
    EventKind.DELIVERY_FAILED: EventFacts(
        N_("Not reached"),
        (N_("%(told)s: not reached by %(way)s"),),
    ),
    EventKind.UNIT_ADDED: EventFacts(N_("Unit added"), audience=Audience.ADMINISTRATORS),
    EventKind.UNIT_CHANGED: EventFacts(N_("Unit changed"), audience=Audience.ADMINISTRATORS),
    EventKind.UNIT_MOVED: EventFacts(N_("Unit moved"), audience=Audience.ADMINISTRATORS),
    EventKind.UNIT_DELETED: EventFacts(N_("Unit deleted"), audience=Audience.ADMINISTRATORS),
    EventKind.UNIT_GIVEN: EventFacts(N_("Given to another unit"), audience=Audience.ADMINISTRATORS),
    EventKind.INCIDENT_MOVED: EventFacts(
        N_("Moved to another unit"), (N_("%(who)s moved the incident to %(unit)s"),)
    ),
    EventKind.INCIDENT_LEFT: EventFacts(N_("Incident moved to another unit")),
    EventKind.CREW_MOVED: EventFacts(N_("Crew moved to another unit")),
    EventKind.LOAN_ASKED: EventFacts(N_("Crew asked for")),
    EventKind.LOAN_AGREED: EventFacts(N_("Crew lent")),
    EventKind.LOAN_REFUSED: EventFacts(N_("Crew not lent")),
    EventKind.LOAN_BEGAN: EventFacts(N_("Loan of a crew began")),
    EventKind.LOAN_ENDED: EventFacts(N_("Loan of a crew ended")),
    EventKind.ADDRESSES_DERIVED: EventFacts(N_("Addresses derived")),
    EventKind.GROUND_IMPORTED: EventFacts(N_("New ground"), audience=Audience.EVERYBODY),
    EventKind.LOG_UNREADABLE: EventFacts(
        N_("Unreadable entry"), (N_("An entry of the log that could not be read"),)
    ),
}

END_SIGN_INS: Final = frozenset(
    {
        EventKind.ACCOUNT_DISABLED,
        EventKind.ACCOUNT_ROLES_CHANGED,
        EventKind.ACCOUNT_PASSWORD_CHANGED,
        EventKind.ACCOUNT_FACTORS_RESET,
        EventKind.ACCOUNT_UNLINKED,
        EventKind.ACCOUNT_RESET,
        EventKind.ACCOUNTS_CHANGED,
    }
)
"""With these, sessions, tokens and open streams of the accounts named in their data end."""
LOOK_UP_AGAIN: Final = END_SIGN_INS | {
    EventKind.ACCOUNT_SIGN_IN_ENDED,
    EventKind.ACCOUNT_TOKEN_REVOKED,
    EventKind.ACCOUNT_MOVED,
}
"""With these, whoever reads a stream as the account named in their data is looked up again."""
LOOK_UP_EVERYBODY: Final = frozenset(
    {
        EventKind.ROLE_CHANGED,
        EventKind.ACCOUNTS_CHANGED,
        EventKind.LOG_UNREADABLE,
        EventKind.UNIT_ADDED,
        EventKind.UNIT_MOVED,
        EventKind.UNIT_DELETED,
        EventKind.CREW_MOVED,
        EventKind.LOAN_AGREED,
        EventKind.LOAN_BEGAN,
        EventKind.LOAN_ENDED,
    }
)
"""With these everybody is: what they may do or see, or an event that may be about anybody."""


def kinds_for(audience: Audience) -> frozenset[EventKind]:
    """Return the kinds of event that an audience is named for."""
    return frozenset(kind for kind, facts in EVENT_FACTS.items() if facts.audience is audience)


def may_see(actor: Actor, kind: str, *, concerned: bool) -> bool:
    """Return whether an actor may see an event of a kind.

    Parameters
    ----------
    concerned
        Whether the event is about the actor's own crew, or an incident that it is sent to.

    Notes
    -----
    A kind that this release does not know (a newer one wrote it) is for administrators only; the
    log is read without it in the first place (`dispatch.events.entries`).
    """
    facts = EVENT_FACTS.get(kind)  # type: ignore[call-overload]  # a StrEnum is found by its value
    audience = facts.audience if facts else Audience.ADMINISTRATORS
    if audience is Audience.EVERYBODY:
        return True
    if audience is Audience.ROAD_USERS:
        return actor.may(Permission.CLOSURE_READ)
    if audience is Audience.CREWS and actor.crew_id is not None:
        return True
    if audience is Audience.SUPERVISORS:
        return actor.may(Permission.READING_UNBLOCK)
    if actor.may(Permission.INCIDENT_READ):
        return audience is not Audience.ADMINISTRATORS or actor.may(Permission.ACCOUNT_READ)
    return concerned and audience is not Audience.ADMINISTRATORS


def words_of_kinds() -> dict[str, dict[str, Any]]:
    """Return the words of every kind, for the pages."""
    return {
        kind.value: {
            "label": facts.label,
            "sentences": list(facts.sentences),
            "by_crew": facts.by_crew,
        }
        for kind, facts in EVENT_FACTS.items()
    }
