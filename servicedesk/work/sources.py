"""Which records stand on a person's home page: to do, and submitted by oneself."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.roles import Role
from hotline.models import MachineRoomReport
from incidents.models import (
    ContingencyPlan,
    FaultReport,
    Incident,
)
from oncall.models import Page
from servicedesk.work import lines
from servicedesk.work.aftermath import after_incidents
from servicedesk.work.items import Asker, Source
from tickets.current import groups_of
from tickets.models import (
    Consultation,
    Defect,
    EmergencyRelease,
    EndRequest,
    GroupOpinion,
    SuperiorReport,
)
from tickets.targets import put_chips


def todo_sources(asker: Asker) -> list[Source]:
    """What can wait for somebody with these roles (a fixed number of queries for each role)."""
    person = asker.person
    found = [
        Source(held_defects, lines.defect, internal_targets),
        Source(held_incidents, lines.incident),
    ]
    if person.has_role(Role.SUPERIOR, Role.SUPPORT):
        found.append(Source(superior_reports, lines.superior_report))
    if person.has_role(Role.SUPPORT, Role.SUPERVISOR):
        found.append(Source(end_requests, lines.end_request))
    if person.is_desk:
        found.append(Source(my_pages, lines.page))
        found.append(Source(asked_opinions, lines.group_opinion))
    if asker.is_on_call or person.has_role(Role.SUPPORT, Role.SUPERVISOR):
        found.append(Source(unjudged_reports, lines.machine_room))
    if person.has_role(Role.AGENT):
        found.append(Source(open_consultations, lines.consultation))
    if person.has_role(Role.SUPERVISOR):
        found.append(Source(unsigned_emergencies, lines.emergency))
        found.append(Source(silent_reports, lines.silent_report))
        found.append(Source(unreleased_plans, lines.document))
        found.append(Source(unreleased_reports, lines.document))
    return found + after_incidents(person)


def internal_targets(rows: list[Defect], asker: Asker) -> None:
    """The chips of all these defects in one query."""
    put_chips(rows, asker.person, asker.now)


def held_defects(asker: Asker) -> QuerySet[Defect]:
    """Defects in my hands or in my role's, the longest waiting first."""
    rows = Defect.objects.visible_to(asker.person).open().filter(asker.holds())
    return rows.select_related("holder__organisation").order_by("state_since", "pk")


def held_incidents(asker: Asker) -> QuerySet[Incident]:
    """Incidents in my hands; those of the person on call also for supervisors."""
    rows = Incident.objects.visible_to(asker.person).open().filter(asker.holds())
    return _with_clocks(rows).order_by("state_since", "pk")


def held_for_others(asker: Asker) -> int:
    """How many records wait here because the person stands in for somebody (I15)."""
    waits = asker.holds_for_others() & ~asker.holds_oneself()
    return sum(
        model.objects.visible_to(asker.person).open().filter(waits).count()
        for model in (Defect, Incident)
    )


def superior_reports(asker: Asker) -> QuerySet[SuperiorReport]:
    """Reports the superior department must acknowledge, or that I owe to it."""
    waits = Q(pk__in=[])
    if asker.person.has_role(Role.SUPERIOR):
        waits |= Q(state=SuperiorReport.State.SENT)
    if asker.person.has_role(Role.SUPPORT):
        waits |= Q(state=SuperiorReport.State.DUE, defect__owner=asker.person)
    visible = Defect.objects.visible_to(asker.person).open()
    rows = SuperiorReport.objects.filter(waits, defect__in=visible)
    return rows.select_related("defect").order_by("opened_at", "pk")


def end_requests(asker: Asker) -> QuerySet[EndRequest]:
    """Withdrawals for service support, voiding for supervisors; never one's own (D29, D33)."""
    waits = Q(pk__in=[])
    if asker.person.has_role(Role.SUPPORT):
        waits |= Q(kind=EndRequest.Kind.WITHDRAW)
    if asker.person.has_role(Role.SUPERVISOR):
        waits |= Q(kind=EndRequest.Kind.VOID)
    visible = Defect.objects.visible_to(asker.person).open()
    rows = EndRequest.objects.filter(waits, state=EndRequest.State.OPEN, defect__in=visible)
    return rows.exclude(asked_by=asker.person).select_related("defect").order_by("asked_at", "pk")


def asked_opinions(asker: Asker) -> QuerySet[GroupOpinion]:
    """Opinions that a group of mine owes (D10)."""
    visible = Defect.objects.visible_to(asker.person).open()
    rows = GroupOpinion.objects.filter(
        answered_at=None, removed_at=None, group__in=groups_of(asker.person), defect__in=visible
    )
    return rows.select_related("defect", "group").order_by("asked_at", "pk")


def unsigned_emergencies(asker: Asker) -> QuerySet[EmergencyRelease]:
    """Emergency implementations that somebody other than the recorder must sign (D26)."""
    rows = EmergencyRelease.objects.filter(sign_off=None, lapsed=False)
    rows = rows.exclude(recorded_by=asker.person)
    visible = Defect.objects.visible_to(asker.person)
    return rows.filter(defect__in=visible).select_related("defect").order_by("sign_due_at", "pk")


def silent_reports(asker: Asker) -> QuerySet[SuperiorReport]:
    """Reports on which the superior department has been silent too long (R47)."""
    rows = SuperiorReport.objects.filter(
        state=SuperiorReport.State.SENT, silent_at__lte=asker.now
    ).exclude(sent_by=asker.person)
    visible = Defect.objects.visible_to(asker.person).open()
    return rows.filter(defect__in=visible).select_related("defect").order_by("silent_at", "pk")


def my_pages(asker: Asker) -> QuerySet[Page]:
    """Calls to me, or while I am on call, that nobody has answered."""
    rows = Page.objects.filter(state=Page.State.OPEN)
    if not asker.is_on_call:
        rows = rows.filter(attempts__person=asker.person).distinct()
    return rows.order_by("started_at", "pk")


def unjudged_reports(asker: Asker) -> QuerySet[MachineRoomReport]:
    """Machine-room reports without an outcome."""
    rows = MachineRoomReport.objects.visible_to(asker.person)
    rows = rows.filter(outcome=MachineRoomReport.Outcome.PENDING)
    return rows.select_related("acknowledged_by__organisation").order_by("reported_at", "pk")


def open_consultations(asker: Asker) -> QuerySet[Consultation]:
    """Consultations not closed yet: any agent on duty may close them."""
    rows = Consultation.objects.visible_to(asker.person).filter(state=Consultation.State.OPEN)
    return rows.select_related("holder__organisation").order_by("state_since", "pk")


def unreleased_plans(asker: Asker) -> QuerySet[ContingencyPlan]:
    """Contingency plans to release, written by somebody else."""
    later = ContingencyPlan.objects.filter(
        incident=OuterRef("incident"), version__gt=OuterRef("version")
    )
    return (
        ContingencyPlan.objects.filter(~Exists(later), *_to_release(asker))
        .select_related("incident__commitment")
        .prefetch_related("incident__commitment__clocks")
        .order_by("written_at", "pk")
    )


def unreleased_reports(asker: Asker) -> QuerySet[FaultReport]:
    """Fault reports to release, written by somebody else."""
    later = FaultReport.objects.filter(
        incident=OuterRef("incident"), version__gt=OuterRef("version")
    )
    return (
        FaultReport.objects.filter(~Exists(later), *_to_release(asker))
        .select_related("incident__commitment")
        .prefetch_related("incident__commitment__clocks")
        .order_by("written_at", "pk")
    )


def _to_release(asker: Asker) -> list[Q]:
    visible = Incident.objects.visible_to(asker.person).open()
    return [Q(released_at__isnull=True), ~Q(author=asker.person), Q(incident__in=visible)]


def my_defects(asker: Asker) -> QuerySet[Defect]:
    """Defects I reported, or filed for somebody."""
    mine = Q(reporter=asker.person) | Q(filed_by=asker.person)
    rows = Defect.objects.visible_to(asker.person).filter(mine)
    return rows.select_related("holder__organisation").order_by("-created_at", "-pk")


def my_incidents(asker: Asker) -> QuerySet[Incident]:
    """Incidents I reported."""
    rows = Incident.objects.visible_to(asker.person).filter(reporter=asker.person)
    return _with_clocks(rows).order_by("-created_at", "-pk")


def my_machine_room_reports(asker: Asker) -> QuerySet[MachineRoomReport]:
    """Machine-room reports of mine."""
    rows = MachineRoomReport.objects.visible_to(asker.person).filter(reporter=asker.person)
    return rows.select_related("acknowledged_by__organisation").order_by("-reported_at", "-pk")


def my_questions(asker: Asker) -> QuerySet[Consultation]:
    """Consultations in which I asked."""
    rows = Consultation.objects.visible_to(asker.person).filter(caller=asker.person)
    return rows.select_related("holder__organisation").order_by("-created_at", "-pk")


SUBMITTED = [
    Source(my_defects, lines.defect),
    Source(my_incidents, lines.incident),
    Source(my_machine_room_reports, lines.machine_room),
    Source(my_questions, lines.consultation),
]


def _with_clocks(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    return rows.select_related("holder__organisation", "commitment").prefetch_related(
        "commitment__clocks"
    )
