"""Defects over the API: list, read, submit, attach."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from tickets import policies
from tickets.api.filters import DefectFilter
from tickets.api.find import find_defect
from tickets.api.forms import ApiDefectForm
from tickets.api.serializers import AttachmentSerializer, DefectDetailSerializer, DefectSerializer
from tickets.models import Attachment, Defect
from tickets.services.attachments import attach
from tickets.services.defects import submit_new
from workflow.api.actions import IDEMPOTENCY_KEY, REFUSALS, ErrorSerializer
from workflow.api.base import DeskApiView, NewestFirst, submission_token
from workflow.api.forms import form_data, invalid, serializer_from_form
from workflow.cards import has_card_number
from workflow.errors import InvalidInput, NotAllowed
from workflow.forms import ASK_ABOUT_CARD

NewDefectSerializer = serializer_from_form(ApiDefectForm, "NewDefect")


class DefectListApiView(DeskApiView, generics.ListAPIView[Defect]):
    """The defects this person may see; POST submits a new one."""

    serializer_class = DefectSerializer
    filterset_class = DefectFilter
    pagination_class = NewestFirst
    queryset = Defect.objects.none()

    def get_queryset(self) -> QuerySet[Defect]:
        """Within scope, newest first."""
        rows = Defect.objects.visible_to(self.person)
        return rows.select_related("unit", "reporter", "holder")

    @extend_schema(tags=["defects"], responses={200: DefectSerializer(many=True)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Narrowed by the filters, a page at a time."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        tags=["defects"], request=NewDefectSerializer, parameters=[IDEMPOTENCY_KEY],
        responses={201: DefectDetailSerializer, **REFUSALS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Submit a defect (D2): the same key again gives the same defect."""
        decision = policies.can_file(self.person)
        if not decision:
            raise NotAllowed(decision)
        data = form_data(request.data, ApiDefectForm)
        form = ApiDefectForm(data, request.FILES, reporter=self.person)
        if not form.is_valid():
            raise invalid(form)
        defect = submit_new(
            actor=self.person,
            now=timezone.now(),
            reporter=_reporter(self.person, form.cleaned_data["reporter"]),
            form=form.defect_input(),
            files=form.cleaned_data["files"],
            token=submission_token(request),
            recurrence_of=form.cleaned_data["recurrence_of"],
        )
        return Response(
            DefectDetailSerializer(defect, context={"request": request}).data, status=201
        )


class DefectApiView(DeskApiView):
    """One defect."""

    @extend_schema(
        tags=["defects"],
        responses={200: DefectDetailSerializer, 401: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, key: str) -> Response:
        """By number."""
        defect = find_defect(self.person, key)
        return Response(DefectDetailSerializer(defect, context={"request": request}).data)


class FilesSerializer(serializers.Serializer[Any]):
    """One or several files, as a form with parts named ``files``."""

    files = serializers.ListField(child=serializers.FileField())
    not_a_card = serializers.BooleanField(required=False)


class DefectFilesApiView(DeskApiView):
    """The files of a defect."""

    @extend_schema(
        tags=["defects"],
        request={"multipart/form-data": FilesSerializer},
        responses={201: AttachmentSerializer(many=True), **REFUSALS},
    )
    def post(self, request: Request, key: str) -> Response:
        """Add files; they are judged by their content (I06)."""
        defect = find_defect(self.person, key)
        _ask_about_names(request)
        attach(
            defect,
            actor=self.person,
            now=timezone.now(),
            files=request.FILES.getlist("files"),
        )
        files = Attachment.objects.visible_to(self.person).filter(defect=defect)
        return Response(AttachmentSerializer(files, many=True).data, status=201)

    @extend_schema(
        tags=["defects"],
        responses={200: AttachmentSerializer(many=True), 404: ErrorSerializer},
    )
    def get(self, request: Request, key: str) -> Response:
        """Files this person may open."""
        defect = find_defect(self.person, key)
        files = Attachment.objects.visible_to(self.person).filter(defect=defect)
        return Response(AttachmentSerializer(files, many=True).data)


def _ask_about_names(request: Request) -> None:
    """Names of files that look like a card number need ``not_a_card`` (I12)."""
    confirmed = request.POST.get("not_a_card", "").lower() in ("true", "1", "on")
    names = [str(file.name) for file in request.FILES.getlist("files")]
    if not confirmed and any(has_card_number(name) for name in names):
        raise InvalidInput({"files": ASK_ABOUT_CARD})


def _reporter(person: User, username: str) -> User:
    """Oneself, or for the desk the bank user named; nobody else learns who has an account."""
    if username in ("", person.username):
        return person
    if not person.is_desk:
        raise PermissionDenied
    found: User | None = User.objects.active().filter(username=username).first()
    if found is None:
        raise ValidationError({"reporter": [_("There is no such user.")]})
    return found
