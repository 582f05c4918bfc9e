"""Kinds of gateways, and their words. Pure rules."""

from enum import StrEnum

from dispatch.core.errors import N_


class GatewayKind(StrEnum):
    """What a gateway makes of what it is given."""

    SMS = "sms"
    CALL = "call"
    CHAT = "chat"
    OTHER = "other"


GATEWAY_KIND_LABELS = {
    GatewayKind.SMS: N_("SMS"),
    GatewayKind.CALL: N_("Call"),
    GatewayKind.CHAT: N_("Chat"),
    GatewayKind.OTHER: N_("Other way"),
}
