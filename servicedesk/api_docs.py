"""The API described in the browser, within our content security policy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.views import SpectacularSwaggerSplitView

from accounts.views import session_ended


class DocsView(SpectacularSwaggerSplitView):
    """Swagger from our own files; the script comes by its own address, nothing stands inline."""

    url_name = "api:schema"
    template_name = "api/docs.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A visitor is sent to the log-in page: this is a page, not a resource."""
        if not request.user.is_authenticated:
            answer: HttpResponse = session_ended(request)
            return answer
        return super().dispatch(request, *args, **kwargs)
