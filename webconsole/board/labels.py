"""The words of the domain's codes, gathered from where each code is defined, for the pages.

In English; a page translates them as it does its own words. Their order is that of lists and
filters on the page.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from dispatch.alarms.states import ALARM_LABELS
from dispatch.assignments.states import ASSIGNMENT_STATE_LABELS
from dispatch.assignments.states import CREW_ROLE_LABELS
from dispatch.assignments.states import MARK_LABELS
from dispatch.callers.states import SMS_LABELS
from dispatch.crews.states import CREW_STATE_LABELS
from dispatch.crews.states import DUTY_LABELS
from dispatch.deliveries.states import CHANNEL_LABELS
from dispatch.deliveries.states import DELIVERY_STATE_LABELS
from dispatch.deliveries.states import FAILURE_LABELS
from dispatch.deliveries.states import PURPOSE_LABELS
from dispatch.escalation.states import STEP_LABELS
from dispatch.escalation.states import WAITING_LABELS
from dispatch.forms.states import ASKED_LABELS
from dispatch.forms.states import CODE_GROUP_LABELS
from dispatch.forms.states import FIELD_TYPE_LABELS
from dispatch.forms.states import MEASURED_LABELS
from dispatch.gateways.states import GATEWAY_KIND_LABELS
from dispatch.incidents.states import INCIDENT_STATE_LABELS
from dispatch.incidents.states import PRIORITY_LABELS
from dispatch.incidents.states import SHOWN_LABELS
from dispatch.lending.states import LOAN_STATE_LABELS
from dispatch.outcomes.states import EFFECT_LABELS
from dispatch.plans.states import MISSING_LABELS
from dispatch.pledge_clocks.states import CAUSE_LABELS
from dispatch.pledge_clocks.states import VERDICT_LABELS
from dispatch.pledges.states import PAUSE_LABELS
from dispatch.pledges.states import STOP_LABELS
from dispatch.records.states import PHOTO_REFUSAL_LABELS
from dispatch.safety.states import HELP_LABELS
from dispatch.safety.states import WORK_PLACE_LABELS
from dispatch.skills.states import TICKET_STATE_LABELS
from dispatch.units.states import HINDRANCE_LABELS
from dispatch.units.states import UNIT_KIND_LABELS
from dispatch.visibility.types import THING_LABELS


def _served(labels: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): label for code, label in labels.items()}


FOR_PAGES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "incident_state": _served(INCIDENT_STATE_LABELS) | SHOWN_LABELS,
        "effect": _served(EFFECT_LABELS),
        "assignment_state": _served(ASSIGNMENT_STATE_LABELS),
        "crew_state": _served(CREW_STATE_LABELS),
        "duty": _served(DUTY_LABELS),
        "priority": _served(PRIORITY_LABELS),
        "alarm": _served(ALARM_LABELS),
        "crew_role": _served(CREW_ROLE_LABELS),
        "plan_missing": _served(MISSING_LABELS),
        "mark": _served(MARK_LABELS),
        "chain_step": _served(STEP_LABELS),
        "chain_waiting": _served(WAITING_LABELS),
        "help": _served(HELP_LABELS),
        "ticket_state": _served(TICKET_STATE_LABELS),
        "work_place": _served(WORK_PLACE_LABELS),
        "photo_refusal": _served(PHOTO_REFUSAL_LABELS),
        "pledge_goal": _served(STOP_LABELS),
        "pledge_pause": _served(PAUSE_LABELS),
        "pledge_verdict": _served(VERDICT_LABELS),
        "breach_cause": _served(CAUSE_LABELS),
        "delivery_purpose": _served(PURPOSE_LABELS),
        "delivery_channel": _served(CHANNEL_LABELS),
        "delivery_state": _served(DELIVERY_STATE_LABELS),
        "delivery_failure": _served(FAILURE_LABELS),
        "gateway_kind": _served(GATEWAY_KIND_LABELS),
        "unit_kind": _served(UNIT_KIND_LABELS),
        "hindrance": _served(HINDRANCE_LABELS),
        "loan_state": _served(LOAN_STATE_LABELS),
        "thing": _served(THING_LABELS),
        "caller_sms": _served(SMS_LABELS),
        "measured": _served(MEASURED_LABELS),
        "field_type": _served(FIELD_TYPE_LABELS),
        "form_asked": _served(ASKED_LABELS),
        "code_group": _served(CODE_GROUP_LABELS),
    }
)
