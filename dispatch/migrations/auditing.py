"""Attach the audit trail to tables, as migrations do it.

Whatever changes a row of an audited table, the application, a command or somebody at the database's
own prompt, leaves the old and the new values in `audit_entry`: a trigger writes them.
"""

from collections.abc import Mapping
from collections.abc import Sequence

from alembic import op

UNAUDITED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("caller_page", "public_report"),
            *("alarm_acknowledgement", "assignment", "assignment_mark", "check_in"),
            *("check_in_watch", "decision", "help_request", "incident", "incident_merge"),
            *(
                "chosen_way",
                "incident_note",
                "incident_report",
                "message",
                "message_read",
                "move_up",
                "offer",
            ),
            *("offer_crew", "order_chain", "order_notice", "override_explanation", "photo"),
            "measurement",
            *("pledge_clock", "proposal", "proposal_sending", "report_call_back", "roll_call"),
            *("roll_call_answer", "sos_call"),
            *("recording", "signature", "work_report_sending"),
        ),
        "operations: every change is an event of the log",
    ),
    **dict.fromkeys(("event", "audit_entry", "reading", "chain_link"), "the trail itself"),
    "incident_share": "follows from orders",
    "duty_spell": "follows from who is on duty, which is an event of the log",
    **dict.fromkeys(
        (
            *("chain_step", "crew_position", "crew_reach", "crew_silence", "deadline", "delivery"),
            *(
                "idempotency_key",
                "key_challenge",
                "known_origin",
                "phone_check",
                "photo_file",
                "recording_file",
                "position_report",
                "public_report_code",
                "driven_track",
                "driven_speed",
                "push_key",
            ),
            *("push_subscription", "sign_in_count", "tracker_state", "write_check"),
        ),
        "kept by the program for itself; nobody edits it",
    ),
    "credential": "sign-ins are entries of their own",
    **dict.fromkeys(
        (
            *("address", "ground", "layer_feature", "layer_overview", "map_area", "map_building"),
            *("map_house_number", "map_line", "map_place", "map_poi", "place", "place_index"),
            *("road_name", "road_node", "road_restriction", "road_segment", "street_crossing"),
            "street_line",
        ),
        "comes from a file as a whole; the import is an event of the log",
    ),
}
"""Tables without the trigger, and why. A table that is in neither list fails a test."""


def audited(
    table: str,
    *,
    key: Sequence[str] = ("id",),
    ignored: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> None:
    """Have every change of a table written to the audit trail from now on.

    Parameters
    ----------
    key
        Columns by which a row is found again in the trail.
    ignored
        Columns that say nothing new (versions, who changed it when) or that the program keeps for
        itself: a change of nothing else leaves no entry.
    hidden
        Secrets: that they changed is told, their values are not.
    """
    arguments = ", ".join(f"'{','.join(columns)}'" for columns in (key, ignored, hidden))
    op.execute(
        f"CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION audit_change({arguments})"
    )


def no_longer_audited(table: str) -> None:
    """Take the trigger away again, as a downgrade does; what is in the trail stays."""
    op.execute(f"DROP TRIGGER audited ON {table}")
