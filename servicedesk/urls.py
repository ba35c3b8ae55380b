"""Every address of the product; each room brings its own."""

from __future__ import annotations

from django.urls import include, path

from servicedesk import health
from servicedesk.home import HomeView
from servicedesk.styleguide import styleguide

handler400 = "servicedesk.errors.bad_request"
handler403 = "servicedesk.errors.permission_denied"
handler404 = "servicedesk.errors.page_not_found"
handler500 = "servicedesk.errors.server_error"

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("health/", health.HealthView.as_view(), name="health"),
    path("styleguide/", styleguide, name="styleguide"),
    path("api/v1/", include("servicedesk.api_urls")),
    path("", include("accounts.urls")),
    path("", include("servicedesk.trail.urls")),
    path("", include("calendars.urls")),
    path("", include("operations.urls")),
    path("", include("notifications.urls")),
    path("", include("oncall.urls")),
    path("", include("teamwork.urls")),
    path("", include("sla.urls")),
    path("", include("tickets.urls")),
    path("", include("incidents.urls")),
    path("", include("readiness.urls")),
    path("", include("hotline.urls")),
    path("", include("reports.urls")),
]
