"""What the lists of the API can be narrowed to."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from tickets.models import Consultation, Defect


class RecordFilter(django_filters.FilterSet):  # type: ignore[misc] # published without types
    """State, unit, holder, words, creation time."""

    unit = django_filters.NumberFilter(field_name="unit_id")
    holder = django_filters.CharFilter(field_name="holder__username")
    q = django_filters.CharFilter(method="by_words", label="Number or words of the title")
    created_from = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_to = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Every word in number or title."""
        for word in value.split():
            rows = rows.filter(Q(number__icontains=word) | Q(title__icontains=word))
        return rows


class DefectFilter(RecordFilter):
    """Defects."""

    state = django_filters.MultipleChoiceFilter(choices=Defect.State.choices)
    urgency = django_filters.MultipleChoiceFilter(choices=Defect.Urgency.choices)

    class Meta:
        model = Defect
        fields: ClassVar = ["state", "urgency", "unit", "holder", "q", "issue_type"]


class ConsultationFilter(RecordFilter):
    """Consultations."""

    state = django_filters.MultipleChoiceFilter(choices=Consultation.State.choices)

    class Meta:
        model = Consultation
        fields: ClassVar = ["state", "unit", "holder", "q", "channel", "category"]
