"""Forms: read by crews and desk, made and changed by administrators, version by version."""

import re
from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.limits import LONGEST_SKILL
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.forms import form_rows
from dispatch.forms import list_rows
from dispatch.forms.models import Form
from dispatch.forms.models import FormVersion
from dispatch.forms.types import FormAnswer
from dispatch.forms.types import FormField
from dispatch.forms.types import FormsAnswer
from dispatch.forms.types import SetForm
from dispatch.forms.types import WorkSheetAnswer
from dispatch.incidents import kinds
from dispatch.incidents.models import IncidentKind

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_STEP = 10
_CODE_WORDS = N_("must be small letters, digits and _")
# Two who make one of the same code each must not both find that there is none.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('form'))")


class FormService:
    """Lists forms, and sets them."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor) -> FormsAnswer:
        """Return every form as it is now, retired ones too."""
        actor.require(Permission.OUTCOME_WRITE)
        with self._work.reading() as session:
            return {"forms": form_rows.all_forms(session)}

    def work_sheet(self, kind: str) -> WorkSheetAnswer:
        """Return what a crew is asked on the spot at incidents of a kind.

        Raises
        ------
        InvalidInput
            On ``kind``, if there is none of this code.
        """
        with self._work.reading() as session:
            kinds.known(session, kind)
            return {
                "kind": kind,
                "forms": form_rows.forms_of(session, kind),
                "codes": list_rows.codes_of(session, kind),
                "parts": list_rows.offered_parts(session),
            }

    def set(self, actor: Actor, code: str, wanted: SetForm) -> FormAnswer:
        """Make a form, change it, or retire it; what was filled in keeps the version of then.

        A new version is made only if what it asks changes: for which kinds it is, and whether it
        is asked for at all, is nothing that a crew fills in.

        Raises
        ------
        InvalidInput
            On what is wrong with it, such as ``kinds.0``.
        Conflict
            ``form_changed`` if somebody else changed it since it was read.
        """
        actor.require(Permission.OUTCOME_WRITE)
        _check_codes(code, wanted.fields)

        def work(session: Session) -> FormAnswer:
            session.execute(_ONE_AT_A_TIME)
            _check_kinds(session, wanted.kinds)
            form = session.get(Form, code, with_for_update=True)
            if wanted.expected_version not in {None, form.version if form else 0}:
                message = N_("Somebody else changed this form meanwhile: look at it again.")
                raise Conflict("form_changed", message)
            if form is None:
                last = session.scalar(select(func.max(Form.sort))) or 0
                form = Form(code=code, version=0, sort=last + _STEP)
                session.add(form)
            form.kinds = list(dict.fromkeys(wanted.kinds))
            form.sort = form.sort if wanted.sort is None else wanted.sort
            form.retired = wanted.retired
            version = self._version(session, actor, form, wanted)
            session.flush()
            answer = form_rows.form_view(form, version)
            now = self._clock()
            told = {"form": code, "version": version.version, "retired": form.retired}
            events.append(session, EventKind.FORM_CHANGED, actor, at=now, data=told)
            return answer

        return self._work.run(work)

    def _version(self, session: Session, actor: Actor, form: Form, wanted: SetForm) -> FormVersion:
        """Return the newest version if it asks what is wanted, else a new one."""
        asks = {
            "name_en": wanted.name_en,
            "name_zh": wanted.name_zh,
            "asked": wanted.asked.value,
            "fields": [form_rows.stored_field(each) for each in wanted.fields],
        }
        newest = form_rows.version_of(session, form.code, form.version)
        if newest is not None and all(getattr(newest, name) == asks[name] for name in asks):
            return newest
        form.version += 1
        session.flush()
        made = FormVersion(
            form=form.code,
            version=form.version,
            made_at=self._clock(),
            made_by=actor.display_name,
            **asks,
        )
        session.add(made)
        return made


def _check_codes(code: str, fields: Sequence[FormField]) -> None:
    if len(code) > LONGEST_SKILL or not _CODE.fullmatch(code):
        raise InvalidInput.one("code", _CODE_WORDS)
    for place, field in enumerate(fields):
        if not _CODE.fullmatch(field.code):
            raise InvalidInput([FieldError(f"fields.{place}.code", _CODE_WORDS)])
        for number, choice in enumerate(field.choices):
            if not _CODE.fullmatch(choice.code):
                name = f"fields.{place}.choices.{number}.code"
                raise InvalidInput([FieldError(name, _CODE_WORDS)])


def _check_kinds(session: Session, wanted: Sequence[str]) -> None:
    known = set(session.scalars(select(IncidentKind.code)))
    for place, kind in enumerate(wanted):
        if kind not in known:
            message = N_("must be one of: %(choices)s")
            choices = ", ".join(sorted(known))
            raise InvalidInput([FieldError(f"kinds.{place}", message, {"choices": choices})])
