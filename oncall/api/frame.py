"""What the addresses of the on-call room share: who may ask, and lists of what one may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request

from oncall.forms import VersionForm
from oncall.policies import DESK, ROSTER_READERS
from workflow.api.actions import REFUSALS
from workflow.api.base import DeskApiView, NewestFirst
from workflow.api.forms import form_data, invalid
from workflow.decisions import deny_role
from workflow.errors import NotAllowed, NotFound


class DeskOnlyApiView(DeskApiView):
    """For the people of the desk; 403 for others."""

    roles: ClassVar[tuple[str, ...]] = DESK

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After who asks is known."""
        super().initial(request, *args, **kwargs)
        if not self.person.has_role(*self.roles):
            self.turn_away()

    def turn_away(self) -> None:
        """403."""
        raise NotAllowed(deny_role())


class ReadersApiView(DeskOnlyApiView):
    """For those who read the rosters; 403 for others."""

    roles = ROSTER_READERS


class NewestBy(NewestFirst):
    """The latest first, by the column that the view names."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """The column, then the key."""
        return (f"-{view.newest_by}", "-pk")


class DeskListApiView(DeskOnlyApiView, generics.ListAPIView[Any]):
    """What the person may see of one kind, the latest first, a page at a time.

    ``queryset`` says which kind, ``newest_by`` in which order, ``related`` what comes with it.
    """

    queryset: Any = None
    pagination_class = NewestBy
    newest_by: ClassVar[str]
    related: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self) -> Any:
        """Within scope."""
        return self.queryset.model.objects.visible_to(self.person).select_related(*self.related)


class VersionsApiView(DeskListApiView):
    """Every version of what the address names, the newest first; 404 for a name that is none.

    ``named_by`` is the part of the address and the column, ``names`` what it may say.
    """

    newest_by = "version"
    named_by: ClassVar[str]
    names: ClassVar[type[models.TextChoices]]

    def get_queryset(self) -> Any:
        """Of this name only."""
        name = self.kwargs[self.named_by]
        if name not in self.names.values:
            raise NotFound
        return super().get_queryset().filter(**{self.named_by: name})


def listed(serializer: type[serializers.BaseSerializer[Any]], tag: str = "roster") -> Any:
    """How OpenAPI describes the GET of a list."""
    return extend_schema(tags=[tag], responses={200: serializer(many=True), **REFUSALS})


def reason_and_version(given: Mapping[str, Any]) -> dict[str, Any]:
    """Why, and which version was read, as the page's form takes them; raises ``ValidationError``.

    The form asks about card numbers, as on the page.
    """
    body = {name: given[name] for name in VersionForm.base_fields if name in given}
    form = VersionForm(form_data(body, VersionForm))
    if not form.is_valid():
        raise invalid(form)
    return form.cleaned_data
