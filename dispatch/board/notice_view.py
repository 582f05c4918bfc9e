"""A notice to a crew, as the API shows it at its order."""

from dispatch.core.instants import instant
from dispatch.notices.models import OrderNotice
from dispatch.notices.states import NoticeKind
from dispatch.notices.types import NoticeStateAnswer


def notice_state(notice: OrderNotice) -> NoticeStateAnswer:
    """Return how a notice to a crew stands, as the API shows it."""
    return {
        "id": notice.id,
        "kind": NoticeKind(notice.kind),
        "made_at": instant(notice.made_at),
        "understood_at": instant(notice.understood_at),
        "understood_by": notice.understood_by,
        "lapsed_at": instant(notice.lapsed_at),
    }
