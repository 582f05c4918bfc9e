"""Columns of lists of accounts that several rooms show."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import ARRAY

from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole

ROLES: Any = func.array(
    select(AccountRole.role)
    .where(AccountRole.account_id == Account.id)
    .order_by(AccountRole.role)
    .scalar_subquery(),
    type_=ARRAY(Text),
).label("roles")
