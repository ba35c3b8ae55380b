"""The file of a defect as one reader may see it: what is internal is not even read for others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from tickets import current
from tickets.differences import Piece, difference
from tickets.models import (
    Consultation,
    Defect,
    Implementation,
    Reply,
    SignOff,
    Solution,
    SuperiorReport,
    Triage,
    Verification,
)
from tickets.parallel import Parallel
from tickets.services.inputs import CHANGE_KINDS
from workflow.decisions import Text
from workflow.durations import length, stamp
from workflow.phones import mask_phone

PARTS = ("cause", "measures", "impact", "risk", "rollback_plan", "testing")
FORM_TEXTS = ("phenomenon", "operation_steps", "expected_result", "actual_result", "impact")


@dataclass(frozen=True)
class Part:
    """One part of a solution; ``pieces`` show the change from the last version, if any."""

    label: Text
    text: str
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Version:
    """A solution version with its parts, its signatures and its difference from the last one."""

    solution: Solution
    parts: list[Part]
    sign_offs: list[SignOff]
    is_latest: bool

    @property
    def changed(self) -> list[Part]:
        """Parts that differ from the version before."""
        return [part for part in self.parts if part.pieces]


class Dossier:
    """The file of ``defect`` as ``user`` may read it, of one cycle: the present one by default."""

    def __init__(
        self,
        defect: Defect,
        user: User,
        report: SuperiorReport | None,
        cycle: int | None = None,
    ) -> None:
        self.defect = defect
        self.user = user
        self.cycle = cycle or defect.cycle
        self.sees_internal = user.is_desk
        self.sees_reports = user.is_desk or user.has_role(Role.SUPERIOR)
        self.report = report if self.sees_reports else None

    @cached_property
    def reports(self) -> list[SuperiorReport]:
        """Reports upward, newest first; the superior department sees what was sent to it."""
        if not self.sees_reports:
            return []
        rows = list(current.reports_upward(self.defect).order_by("-opened_at", "-pk"))
        return rows if self.sees_internal else [row for row in rows if row.is_sent]

    @cached_property
    def form_texts(self) -> list[tuple[Text, str]]:
        """The long texts of the submission form that were filled in."""
        rows = [(_label(Defect, name), getattr(self.defect, name)) for name in FORM_TEXTS]
        return [(label, text) for label, text in rows if text]

    @cached_property
    def facts(self) -> list[tuple[Text, Any]]:
        """Short facts for the column on the right."""
        defect = self.defect
        rows: list[tuple[Text, Any]] = [
            (_("Submitting unit"), defect.unit),
            (_("Reporter"), defect.reporter),
            (_("Contact phone"), self.contact_phone),
            (_("System"), defect.managed_object),
            (_("Module or menu"), defect.module),
            (_("Urgency"), defect.get_urgency_display()),
            (_("Found at"), stamp(defect.found_at)),
            (_("Submitted at"), stamp(defect.submitted_at)),
            (_("Can it be repeated?"), defect.reproducible),
            (_("Terminal, browser, version"), defect.environment),
        ]
        if defect.filed_by_id != defect.reporter_id:
            rows.insert(2, (_("Filed by"), defect.filed_by))
        if defect.assigning_customer:
            rows.append((_("Assigning customer"), defect.assigning_customer))
        if self.sees_internal:
            rows += [
                (_("Accepted by"), defect.owner),
                (_("Issue type"), defect.get_issue_type_display()),
                (_("Assignee"), defect.assignee),
                (_("Implementer"), defect.implementer),
                (_("Cycle"), defect.cycle),
            ]
            rows += self._confirmation()
        elif planned := self.planned_at:
            rows.append((_("Planned for"), stamp(planned)))
        if defect.rating:
            rows.append((_("Rating"), f"{defect.rating} / 5"))
        if self.took:
            rows.append((_("Replied after"), length(self.took, timezone.now())))
        return rows

    @property
    def contact_phone(self) -> str:
        """In full for the desk and for those who wrote it; masked for the others (I12)."""
        own = self.user.pk in (self.defect.reporter_id, self.defect.filed_by_id)
        phone = self.defect.contact_phone
        return phone if self.sees_internal or own else mask_phone(phone)

    def _confirmation(self) -> list[tuple[Text, Any]]:
        """R41: confirmed when, of which class, to be solved or not."""
        defect = self.defect
        if defect.confirmed_at is None:
            return []
        solvable = _("Yes") if defect.solvable else _("No")
        return [
            (_("Confirmed at"), stamp(defect.confirmed_at)),
            (_("Root-cause class"), defect.get_cause_class_display()),
            (_("Can it be solved?"), solvable),
        ]

    @cached_property
    def planned_at(self) -> Any:
        """When a signed solution is to be carried out: the reporter may know (R34)."""
        sign_off = current.valid_sign_off(self.defect)
        return sign_off.solution.planned_at if sign_off else None

    @cached_property
    def took(self) -> timedelta | None:
        """From the submission, or the last reopening, to the reply that stands (R49)."""
        began = self.defect.submitted_at
        if self.past and (before := self.past[0].replies):
            began = before[0].superseded_at or began
        standing = [each for each in self.replies if each.superseded_at is None]
        return standing[0].sent_at - began if standing and began else None

    @cached_property
    def versions(self) -> list[Version]:
        """Solution versions, newest first, with signatures and differences. Desk only."""
        if not self.sees_internal:
            return []
        rows = SignOff.objects.filter(defect=self.defect)
        signed = list(rows.select_related("supervisor", "on_behalf_of"))
        solutions = Solution.objects.filter(defect=self.defect).select_related(
            "author", "planned_implementer"
        )
        found: list[Version] = []
        before: Solution | None = None
        for solution in solutions:
            mine = [each for each in signed if each.solution_id == solution.pk]
            found.append(Version(solution, _parts(solution, before), mine, False))
            before = solution
        if found:
            last = found[-1]
            found[-1] = Version(last.solution, last.parts, last.sign_offs, True)
        return [each for each in found[::-1] if each.solution.cycle == self.cycle]

    @cached_property
    def past(self) -> list[Dossier]:
        """The files of the cycles before this one, newest first: frozen, and readable (D25)."""
        earlier = range(self.cycle - 1, 0, -1)
        return [Dossier(self.defect, self.user, None, number) for number in earlier]

    @cached_property
    def released(self) -> Version | None:
        """The version released in an emergency and not signed yet (D26)."""
        release = current.unsigned_emergency(self.defect) if self.sees_internal else None
        same = (each for each in self.versions if release and each.solution == release.solution)
        return next(same, None)

    @cached_property
    def parallel(self) -> Parallel:
        """What runs beside the steps: opinions, rulings, decisions, emergency."""
        return Parallel(self.defect, self.user)

    @cached_property
    def latest(self) -> Version | None:
        """The version that counts."""
        return self.versions[0] if self.versions else None

    @cached_property
    def triages(self) -> list[Triage]:
        """Assessments, newest first. Desk only."""
        if not self.sees_internal:
            return []
        rows = Triage.objects.filter(defect=self.defect, cycle=self.cycle).select_related(
            "decided_by", "explainer"
        )
        return list(rows.prefetch_related("participants").order_by("-decided_at"))

    @cached_property
    def implementations(self) -> list[Implementation]:
        """Attempts, newest first. Desk only."""
        if not self.sees_internal:
            return []
        rows = Implementation.objects.filter(defect=self.defect, cycle=self.cycle)
        return list(rows.select_related("implementer", "change_record").order_by("-started_at"))

    @cached_property
    def verifications(self) -> list[Verification]:
        """Verifications, newest first; the bank sees the method of the successful ones (R46)."""
        rows = Verification.objects.filter(defect=self.defect, cycle=self.cycle).select_related(
            "verifier"
        )
        if not self.sees_internal:
            rows = rows.filter(solved=True)
        return list(rows.order_by("-verified_at"))

    @cached_property
    def replies(self) -> list[Reply]:
        """Formal replies, newest first."""
        rows = Reply.objects.filter(defect=self.defect, cycle=self.cycle)
        rows = rows.select_related("unit", "sent_by", "received_by")
        return list(rows.order_by("-sent_at"))

    @cached_property
    def consultation(self) -> Consultation | None:
        """What it was converted to (D7)."""
        return Consultation.objects.filter(source_defect=self.defect).first()

    @cached_property
    def children(self) -> list[Defect]:
        """Defects merged into this one. Desk only: they may be of other units."""
        if not self.sees_internal:
            return []
        return list(self.defect.merged_children.select_related("unit").order_by("number"))


def _parts(solution: Solution, before: Solution | None) -> list[Part]:
    pairs = [(_label(Solution, name), name) for name in PARTS]
    parts = [_part(label, getattr(solution, n), getattr(before, n, None)) for label, n in pairs]
    return [
        _part(_label(Solution, "cause_class"), _cause(solution), _cause(before)),
        _part(_label(Solution, "module"), solution.module, before.module if before else None),
        *parts,
        _part(_("Planned for"), stamp(solution.planned_at), _planned(before)),
        _part(
            _("Planned implementer"),
            solution.planned_implementer.name,
            before.planned_implementer.name if before else None,
        ),
        _part(_("Changes needed"), _kinds(solution), _kinds(before) if before else None),
    ]


def _part(label: Text, text: str, before: str | None) -> Part:
    changed = before is not None and before != text
    return Part(label, text, difference(before or "", text) if changed else [])


def _planned(solution: Solution | None) -> str | None:
    return stamp(solution.planned_at) if solution else None


def _cause(solution: Solution | None) -> Any:
    return solution.get_cause_class_display() if solution else None


def _kinds(solution: Solution | None) -> str:
    kinds = solution.change_kinds if solution else []
    return ", ".join(str(CHANGE_KINDS.get(kind, kind)) for kind in kinds)


def _label(model: type[Any], name: str) -> Text:
    text = str(model._meta.get_field(name).verbose_name)
    return text[:1].upper() + text[1:]
