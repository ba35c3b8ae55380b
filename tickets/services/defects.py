"""Writing and submitting the form of a defect (D1, D2, R35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from numbering.services import DEFECT, allocate
from tickets import policies, targets
from tickets.models import Consultation, Defect
from tickets.services.attachments import keep
from tickets.services.follow_ups import plan_discarding, settle
from tickets.services.inputs import SAY_MORE, DefectInput
from tickets.services.letters import tell
from tickets.services.links import tie_recurrence
from workflow.decisions import Text, decide
from workflow.errors import InvalidInput, NotAllowed
from workflow.files.antivirus import check_clean
from workflow.steps import step
from workflow.texts import says_something

FORM_FIELDS = [each.name for each in fields(DefectInput)]


def save_draft(
    *,
    actor: User,
    now: datetime,
    reporter: User,
    form: DefectInput,
    files: Sequence[UploadedFile[Any]] = (),
    token: UUID | None = None,
    recurrence_of: Defect | None = None,
) -> Defect:
    """Keep a form for later, without a number (D1). Raises ``NotAllowed``, ``InvalidInput``."""
    return _once(actor, token) or _create(
        actor, now, reporter, form, files=files, token=token, submit=False,
        recurrence_of=recurrence_of,
    )  # fmt: skip


def submit_new(
    *,
    actor: User,
    now: datetime,
    reporter: User,
    form: DefectInput,
    files: Sequence[UploadedFile[Any]] = (),
    token: UUID | None = None,
    source_consultation: Consultation | None = None,
    recurrence_of: Defect | None = None,
    is_demo: bool = False,
    quiet: bool = False,
) -> Defect:
    """Fill in and submit in one go (D2, R35). ``now`` UTC.

    ``actor`` files it, ``reporter`` stays the one who has the problem. The same actor and
    ``token`` give the first record back (double click). ``recurrence_of`` is an earlier defect
    that can no longer be reopened (D25). ``quiet``: the caller writes to people himself. Raises
    ``NotAllowed``, ``InvalidInput``.
    """
    check_complete(form, now=now)
    if first := _once(actor, token):
        unsent = first.state == Defect.State.DRAFT
        return submit(first, actor=actor, now=now, form=form, files=files) if unsent else first
    return _create(
        actor, now, reporter, form, files=files, token=token, submit=True,
        source_consultation=source_consultation, recurrence_of=recurrence_of, is_demo=is_demo,
        quiet=quiet,
    )  # fmt: skip


def update_draft(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    form: DefectInput,
    files: Sequence[UploadedFile[Any]] = (),
    version: int | None = None,
) -> Defect:
    """Write on in a draft (D1)."""
    check_title(form)
    check_clean(files, actor=actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.save",
        policy=policies.can_edit_draft, now=now, version=version, public=True,
    ) as work:  # fmt: skip
        _fill(work.record, form)
        keep(work.record, files, actor=actor, now=now)
        plan_discarding(work.record, now=now)
    return work.record


def submit(
    defect: Defect,
    *,
    actor: User,
    now: datetime,
    form: DefectInput | None = None,
    files: Sequence[UploadedFile[Any]] = (),
    version: int | None = None,
) -> Defect:
    """Submit a draft, or submit again what was returned, with or without changes (D2)."""
    check_clean(files, actor=actor)
    with step(
        Defect.objects.visible_to(actor), defect, actor=actor, action="defect.submit",
        policy=policies.can_submit, now=now, version=version, public=True,
    ) as work:  # fmt: skip
        if form is not None:
            _fill(work.record, form)
        check_complete(_form_of(work.record), now=now)
        keep(work.record, files, actor=actor, now=now)
        _submit(work.record, now)
        settle(work.record, now=now)
    return work.record


def check_title(form: DefectInput) -> None:
    """A draft needs a title (D1)."""
    if not form.title.strip():
        raise InvalidInput({"title": _("A title, please.")})


def check_complete(form: DefectInput, *, now: datetime) -> None:
    """Raise ``InvalidInput`` unless the form may be submitted (R35, document 5.6)."""
    wrong: dict[str, Text] = {}
    if not form.title.strip():
        wrong["title"] = _("A title, please.")
    if not says_something(form.phenomenon):
        wrong["phenomenon"] = SAY_MORE
    if form.managed_object is None:
        wrong["managed_object"] = _("Which system is it about?")
    if not form.contact_phone.strip():
        wrong["contact_phone"] = _("A phone number under which you can be reached, please.")
    if form.found_at and form.found_at > now:
        wrong["found_at"] = _("This time is in the future.")
    if wrong:
        raise InvalidInput(wrong)


def _create(
    actor: User,
    now: datetime,
    reporter: User,
    form: DefectInput,
    *,
    files: Sequence[UploadedFile[Any]],
    token: UUID | None,
    submit: bool,
    source_consultation: Consultation | None = None,
    recurrence_of: Defect | None = None,
    is_demo: bool = False,
    quiet: bool = False,
) -> Defect:
    check_title(form)
    decision = decide(lambda person, owner: policies.can_file(person, owner, now), actor, reporter)
    if not decision:
        raise NotAllowed(decision)
    check_clean(files, actor=actor)
    try:
        with audit.unit_of_work():
            defect = Defect(
                reporter=reporter, filed_by=actor, unit=reporter.organisation, created_at=now,
                state_since=now, submission_token=token, is_demo=is_demo,
                source_consultation=source_consultation,
            )  # fmt: skip
            _fill(defect, form)
            if submit:
                _submit(defect, now)
            else:
                defect.save_draft()
                defect.held_by(*_writer(defect))
            defect.save()
            keep(defect, files, actor=actor, now=now)
            if recurrence_of is not None:
                tie_recurrence(defect, earlier=recurrence_of, actor=actor, now=now)
            if not submit:
                plan_discarding(defect, now=now)
            if submit and not quiet:
                announce(defect, now)
            act = "defect.submit" if submit else "defect.save"
            _note(defect, actor, act, now, decision.role)
    except IntegrityError:
        if first := _once(actor, token):
            return first
        raise
    return defect


def _submit(defect: Defect, now: datetime) -> None:
    """The number is given once and kept when a returned form is submitted again."""
    defect.submit()
    defect.number = defect.number or allocate(DEFECT, now=now)
    defect.submitted_at = defect.submitted_at or now
    defect.found_at = defect.found_at or now
    defect.held_by(Role.SUPPORT)
    if defect.pk:
        announce(defect, now)


def announce(defect: Defect, now: datetime) -> None:
    """Tell the reporter the number, and service support that there is work."""
    tell(
        [defect.reporter], defect, event="receipt", now=now,
        subject=_("%(number)s has been submitted"),
        body=_("“%(title)s” has been submitted. Service support accepts it in working hours."),
    )  # fmt: skip
    tell(
        User.objects.holding(Role.SUPPORT), defect, event="submitted", now=now,
        subject=_("%(number)s waits to be accepted"), body=_("“%(title)s” has been submitted."),
    )  # fmt: skip


def _note(defect: Defect, actor: User, action: str, now: datetime, role: str) -> None:
    targets.follow(defect, now, actor=actor)
    audit.record(
        actor=actor, action=action, target=defect, label=defect.label, happened_at=now,
        to_state=str(defect.state), role=role, public=True,
    )  # fmt: skip


def _once(actor: User, token: UUID | None) -> Defect | None:
    if token is None:
        return None
    return Defect.objects.filter(filed_by=actor, submission_token=token).first()


def _writer(defect: Defect) -> tuple[Role, User]:
    """Who holds a draft: the one who writes it."""
    own = defect.filed_by_id == defect.reporter_id
    return (Role.REPORTER, defect.reporter) if own else (Role.AGENT, defect.filed_by)


def _fill(defect: Defect, form: DefectInput) -> None:
    for name in FORM_FIELDS:
        value = getattr(form, name)
        setattr(defect, name, value.strip() if isinstance(value, str) else value)


def _form_of(defect: Defect) -> DefectInput:
    return DefectInput(**{name: getattr(defect, name) for name in FORM_FIELDS})
