"""Consultations and defects as JSON. Phones are masked for those who need not call (I12)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.utils import timezone
from rest_framework import serializers

from accounts.models import User
from tickets.current import latest_solution
from tickets.models import Attachment, Consultation, Defect, Solution
from tickets.relations import Relations
from workflow.corrections import CorrectionNote
from workflow.phones import mask_phone

HEAD = [
    "number", "state", "state_label", "title", "unit", "holder_role", "holder", "state_since",
    "created_at", "row_version",
]  # fmt: skip


class RecordSerializer(serializers.ModelSerializer[Any]):
    """What every record has: number, state, holder, version."""

    state_label = serializers.CharField(source="get_state_display")
    unit = serializers.CharField(source="unit.label")
    holder = serializers.CharField(source="holder.name", default=None)

    def asker(self) -> User | None:
        """The person who reads."""
        request = self.context.get("request")
        return request.user if request else None

    def phone(self, number: str, owner_id: int | None) -> str:
        """In full for the desk and its owner."""
        asker = self.asker()
        if asker is not None and (asker.is_desk or asker.pk == owner_id):
            return number
        return mask_phone(number)


class DefectSerializer(RecordSerializer):
    """A defect in a list."""

    key = serializers.CharField()
    reporter = serializers.CharField(source="reporter.name")

    class Meta:
        model: type[Model] = Defect
        fields: ClassVar = ["key", *HEAD, "reporter", "urgency", "issue_type", "submitted_at"]


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A file."""

    url = serializers.CharField()

    class Meta:
        model = Attachment
        fields: ClassVar = ["key", "name", "content_type", "size", "uploaded_at", "url"]


class SolutionSerializer(serializers.ModelSerializer[Solution]):
    """One version of a solution; ``content_hash`` is what a signature is given on."""

    author = serializers.CharField(source="author.name")
    planned_implementer = serializers.CharField(source="planned_implementer.name")

    class Meta:
        model = Solution
        fields: ClassVar = [
            "version", "author", "cause", "measures", "impact", "risk", "rollback_plan", "testing",
            "planned_at", "planned_implementer", "change_kinds", "content_hash",
        ]  # fmt: skip


class DefectDetailSerializer(DefectSerializer):
    """A defect with its form, its reply and its files."""

    managed_object = serializers.CharField(source="managed_object.label", default=None)
    contact_phone = serializers.SerializerMethodField()
    solution = serializers.SerializerMethodField()
    replies = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()
    requests = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField()

    class Meta(DefectSerializer.Meta):
        fields: ClassVar = [
            *DefectSerializer.Meta.fields, "managed_object", "module", "found_at", "phenomenon",
            "operation_steps", "expected_result", "actual_result", "impact", "reproducible",
            "environment", "contact_phone", "assigning_customer", "accepted_at", "replied_at",
            "closed_at", "cycle", "rating", "solution", "replies", "attachments", "incident_number",
            "links", "requests", "corrections",
        ]  # fmt: skip

    def get_contact_phone(self, defect: Defect) -> str:
        """In full for the desk and the reporter."""
        return self.phone(defect.contact_phone, defect.reporter_id)

    def get_solution(self, defect: Defect) -> dict[str, Any] | None:
        """The latest version, for the desk: what a supervisor signs."""
        asker, latest = self.asker(), latest_solution(defect)
        if asker is None or not asker.is_desk or latest is None:
            return None
        return dict(SolutionSerializer(latest).data)

    def get_replies(self, defect: Defect) -> list[dict[str, Any]]:
        """Formal replies that stand: solution, analysis, cause (R49)."""
        replies = defect.replies.filter(superseded_at=None)
        return [
            dict(row)
            for row in replies.values("number", "solution", "analysis", "cause", "sent_at")
        ]

    def get_attachments(self, defect: Defect) -> list[dict[str, Any]]:
        """Files this person may open."""
        asker = self.asker()
        if asker is None:
            return []
        files = Attachment.objects.visible_to(asker).filter(defect=defect)
        return list(AttachmentSerializer(files, many=True).data)

    def get_links(self, defect: Defect) -> list[dict[str, str]]:
        """Defects it is tied to, as far as this person may see them (R41): words and number."""
        return [
            {"what": str(tie.words), "number": tie.other.number or "", "title": tie.other.title}
            for tie in self._around(defect).ties
        ]

    def get_requests(self, defect: Defect) -> list[dict[str, Any]]:
        """Asked to withdraw or to void, newest first (D29, D33); voiding for the desk alone."""
        return [
            {"kind": row.kind, "state": row.state, "asked_by": row.asked_by.name,
             "asked_at": row.asked_at, "reason": row.reason}
            for row in self._around(defect).requests
        ]  # fmt: skip

    def get_corrections(self, defect: Defect) -> list[dict[str, Any]]:
        """Notes appended after closing; outside the desk only the confirmed ones."""
        return [_correction(note) for note in self._around(defect).corrections]

    def _around(self, defect: Defect) -> Relations:
        return Relations(defect, self.context["request"].user, timezone.now())


def _correction(note: CorrectionNote) -> dict[str, Any]:
    return {
        "text": note.text, "state": note.state, "written_by": note.written_by.name,
        "written_at": note.written_at,
    }  # fmt: skip


class ConsultationSerializer(RecordSerializer):
    """A consultation in a list."""

    caller = serializers.CharField(source="caller_name")
    agent = serializers.CharField(source="agent.name")

    class Meta:
        model: type[Model] = Consultation
        fields: ClassVar = [
            *HEAD, "caller", "agent", "channel", "category", "solved_on_spot", "after_hours",
        ]  # fmt: skip


class ConsultationDetailSerializer(ConsultationSerializer):
    """A consultation with question and answer."""

    managed_object = serializers.CharField(source="managed_object.label")
    caller_phone = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField()

    class Meta(ConsultationSerializer.Meta):
        fields: ClassVar = [
            *ConsultationSerializer.Meta.fields, "caller_phone", "managed_object", "module",
            "place", "question", "answer", "started_at", "ended_at", "remarks", "satisfaction",
            "closed_at", "incident_number", "corrections",
        ]  # fmt: skip

    def get_corrections(self, consultation: Consultation) -> list[dict[str, Any]]:
        """Appended notes (C7); outside the desk only the confirmed ones."""
        asker = self.asker()
        notes = consultation.corrections.select_related("written_by")
        if asker is None or not asker.is_desk:
            notes = notes.filter(state="confirmed")
        return [_correction(note) for note in notes]

    def get_caller_phone(self, consultation: Consultation) -> str:
        """In full for the desk and the caller."""
        return self.phone(consultation.caller_phone, consultation.caller_id)
