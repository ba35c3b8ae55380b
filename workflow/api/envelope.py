"""The one shape of every error of the API.

``{"error": {"code": …, "message": …, "fields": {name: [message]}, "request_id": …}}``; ``fields``
only when the input is at fault, ``request_id`` only when the server is.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from workflow.errors import InvalidInput, NotFound, Refusal

log = logging.getLogger(__name__)

# Django's and DRF's own sentences are about HTTP; people get ours.
_SENTENCES = {
    "not_authenticated": gettext_lazy("Please sign in first."),
    "authentication_failed": gettext_lazy("The log-in is not valid, or no longer."),
    "permission_denied": gettext_lazy("Your roles do not include this act."),
    "method_not_allowed": gettext_lazy("This address does not take that method."),
    "not_acceptable": gettext_lazy("The answer can only be given as JSON."),
    "unsupported_media_type": gettext_lazy("Please send JSON, or a form with files."),
    "parse_error": gettext_lazy("The body could not be read as JSON."),
    "throttled": gettext_lazy("Too many requests. Please wait a moment."),
}


def envelope(
    code: str,
    message: str,
    fields: Mapping[str, Iterable[str]] | None = None,
    request_id: str = "",
) -> dict[str, Any]:
    """The body of an error answer."""
    error: dict[str, Any] = {"code": code, "message": message}
    if fields is not None:
        error["fields"] = {name: [str(text) for text in texts] for name, texts in fields.items()}
    if request_id:
        error["request_id"] = request_id
    return {"error": error}


def exception_handler(failure: Exception, context: dict[str, Any]) -> Response | None:
    """Turn refusals and HTTP errors into the envelope; None for what nobody expected (500)."""
    if isinstance(failure, Http404):
        failure = NotFound()
    elif isinstance(failure, PermissionDenied):
        failure = exceptions.PermissionDenied()
    if isinstance(failure, Refusal):
        set_rollback()
        return Response(refusal_body(failure), status=failure.status)
    if isinstance(failure, exceptions.APIException):
        set_rollback()
        return Response(_body(failure), status=failure.status_code, headers=_headers(failure))
    return None


def refusal_body(refusal: Refusal) -> dict[str, Any]:
    """The envelope of a refusal."""
    fields = None
    if isinstance(refusal, InvalidInput):
        fields = {name: [str(text)] for name, text in refusal.fields.items()}
    return envelope(refusal.code, str(refusal.message), fields)


def server_error() -> JsonResponse:
    """500 with an id that stands in the log beside the traceback."""
    request_id = uuid.uuid4().hex
    log.error("API request failed, request id %s", request_id)
    message = _("Something went wrong on our side. Nothing has been changed.")
    return JsonResponse(envelope("server_error", message, request_id=request_id), status=500)


def _body(failure: exceptions.APIException) -> dict[str, Any]:
    if isinstance(failure, exceptions.ValidationError):
        return envelope("invalid", _("Please check your input."), flat(failure.detail))
    if isinstance(failure, exceptions.NotFound):
        return refusal_body(NotFound())
    code = str(failure.default_code)
    given = getattr(failure, "sentence", "")
    return envelope(code, str(given or _SENTENCES.get(code, failure.detail)))


def _headers(failure: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(failure, "auth_header", ""):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(failure, "wait", None)) is not None:
        headers["Retry-After"] = f"{wait:.0f}"
    return headers


def flat(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested error details as ``{"a.b": [message]}``; messages of no field under ``""``."""
    if isinstance(detail, Mapping):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            own = "" if name in ("non_field_errors", "__all__") else str(name)
            found |= flat(inner, ".".join(part for part in (prefix, own) if part))
        return found
    if isinstance(detail, list):
        if all(isinstance(each, str) for each in detail):
            return {prefix: [str(each) for each in detail]}
        found = {}
        for index, inner in enumerate(detail):
            found |= flat(inner, f"{prefix}[{index}]")
        return found
    return {prefix: [str(detail)]}
