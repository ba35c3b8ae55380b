"""What every address of the API has in common."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User


class DeskApiView(APIView):
    """Answers in the language of ``Accept-Language``, else in the person's own."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Choose the language before anything may be refused, and again when we know who asks."""
        wanted = _wanted(request)
        if wanted:
            translation.activate(wanted)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Who asks? A token brings its person's language."""
        super().perform_authentication(request)
        if isinstance(request.user, User) and not _wanted(request):
            translation.activate(request.user.language)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Say which language it is."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        return answer

    @property
    def person(self) -> User:
        """The person who asks."""
        return cast(User, self.request.user)


class NewestFirst(CursorPagination):
    """Pages that stay right while rows are added: ``next`` and ``previous`` are addresses."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = ("-created_at", "-pk")


def submission_token(request: Request) -> UUID | None:
    """``Idempotency-Key``: a UUID of the client's own; raises ``ValidationError`` for another text.

    The same person and key give the first record back.
    """
    given = request.headers.get("Idempotency-Key", "")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise ValidationError({"Idempotency-Key": [_("A UUID, please.")]}) from None


def _wanted(request: Request) -> str:
    """The first of our languages that the client asks for, "" when it asks for none."""
    known = dict(settings.LANGUAGES)
    for part in request.headers.get("Accept-Language", "").lower().split(","):
        code = part.split(";")[0].strip()
        if code.startswith("zh"):
            return settings.LANGUAGE_CODE
        if code.split("-")[0] in known:
            return code.split("-")[0]
    return ""
