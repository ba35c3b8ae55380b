"""E19 and E20: the same fault again, and several reports of one fault."""

from __future__ import annotations

from datetime import datetime

from django.db import OperationalError
from django.utils.translation import gettext as _

from accounts.models import User
from audit import services as audit
from incidents import alerts, policies
from incidents.models import Incident, T0Change
from incidents.models.incidents import UNRESOLVED
from incidents.scope import visible_incidents
from incidents.services.origin import note_t0
from incidents.services.reporting import report_incident
from incidents.services.steps import on_incident
from oncall.services import pages
from sla import services as clocks
from workflow.errors import InvalidInput, WrongState


def merge(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    main: Incident,
    reason: str,
    version: int | None = None,
) -> Incident:
    """``incident`` is the same fault as ``main`` (E20): it ends, ``main`` keeps the earliest T0.

    Its pages stop ringing and its running clocks are void, breaches stay. One that was set below
    S1 never described the down condition: it does not move the T0 of a system-down incident.
    """
    with on_incident(
        incident, "merge", policies.can_merge,
        actor=actor, now=now, version=version, opinion=reason,
    ) as work:  # fmt: skip
        child, into = work.record, _locked(main, actor)
        _check_main(child, into)
        child.merge()
        child.merged_into, child.closed_at = into, now
        work.data = {"main": into.number}
        if child.commitment is not None:
            clocks.void_clocks(child.commitment, now=now, actor=actor)
        pages.close_pages(subject=child.number, now=now)
        _take_in(into, child, reason, actor=actor, now=now)
        _tell_merged(child, into, now)
    return child


def _locked(main: Incident, actor: User) -> Incident:
    """The main incident under lock; whoever merges the other way round at the same moment loses."""
    try:
        rows = visible_incidents(actor).select_for_update(of=("self",), nowait=True)
        found: Incident = rows.get(pk=main.pk)
    except Incident.DoesNotExist:
        raise InvalidInput({"main": _("There is no such incident.")}) from None
    except OperationalError:
        raise WrongState(_("Somebody is at work on the main incident. Try again.")) from None
    return found


def _check_main(child: Incident, main: Incident) -> None:
    wrong = ""
    if main.pk == child.pk:
        wrong = _("An incident is not merged into itself.")
    elif main.state not in UNRESOLVED:
        wrong = _("The main incident is no longer being handled.")
    elif (main.is_drill, main.hour_seconds) != (child.is_drill, child.hour_seconds):
        wrong = _("A drill and a real incident are never merged.")
    elif main.is_demo != child.is_demo:
        wrong = _("A demonstration record is not merged with a real one.")
    elif child.severity == Incident.Severity.S1 and main.severity != Incident.Severity.S1:
        wrong = _("The main incident is not declared as system down. Merge the other way round.")
    if wrong:
        raise InvalidInput({"main": wrong})


def _take_in(main: Incident, child: Incident, reason: str, *, actor: User, now: datetime) -> None:
    t0, before = child.first_contact_at, main.first_contact_at
    lesser = main.severity == Incident.Severity.S1 and child.severity not in ("", "S1")
    if t0 < before and not lesser:
        main.occurred_at = _began(main, child, t0)
        note_t0(main, t0, cause=T0Change.Cause.MERGE, reason=reason, actor=actor, now=now)
    main.row_version += 1
    main.save(update_fields=["occurred_at", "first_contact_at", "row_version"])
    audit.record(
        actor=actor,
        action="incident.take_in",
        target=main,
        label=main.number,
        happened_at=now,
        from_state=main.state,
        to_state=main.state,
        opinion=f"{child.number} {child.title}",
        data={"merged": child.number, "t0_before": before, "t0": main.first_contact_at},
        public=True,
    )


def _began(main: Incident, child: Incident, t0: datetime) -> datetime | None:
    """When it happened, as far as one of the two knows; never after the first report."""
    known = [at for at in (main.occurred_at, child.occurred_at) if at and at <= t0]
    return min(known, default=None)


def _tell_merged(child: Incident, main: Incident, now: datetime) -> None:
    def write() -> tuple[str, str]:
        facts = {"number": child.number, "main": main.number, "title": main.title}
        return (
            _("%(number)s is handled as %(main)s") % facts,
            _("It is the same fault as %(main)s (%(title)s). Please follow that one.") % facts,
        )

    people = alerts.recipients(main, level=2, now=now)
    if child.reporter:
        people.append(child.reporter)
    alerts.tell(child, people, key="merged", write=write, now=now)


def recur(
    incident: Incident,
    *,
    actor: User,
    now: datetime,
    phenomenon: str,
    reporter_name: str,
    reporter_phone: str,
    claimed_down: bool = False,
    first_contact_at: datetime | None = None,
    version: int | None = None,
) -> Incident:
    """The same fault again after its recovery was confirmed (E19): a new incident, its own clock.

    Returns the new one. Before the confirmation the recovery is rejected instead (E15).
    """
    with on_incident(
        incident, "recur", policies.can_recur,
        actor=actor, now=now, version=version, opinion=phenomenon,
    ) as work:  # fmt: skip
        old = work.record
        if first_contact_at and old.confirmed_at and first_contact_at < old.confirmed_at:
            raise InvalidInput(
                {"first_contact_at": _("Then the recovery had not been confirmed yet.")}
            )
        again = report_incident(
            actor=actor, now=now, title=old.title, phenomenon=phenomenon,
            managed_object=old.managed_object, unit=old.unit, reporter=None,
            reporter_name=reporter_name, reporter_phone=reporter_phone,
            first_contact_at=first_contact_at, claimed_down=claimed_down,
            is_drill=old.is_drill, hour_seconds=old.hour_seconds, is_demo=old.is_demo,
            recurrence_of=old,
        )  # fmt: skip
        work.data = {"again": again.number}
    return again
