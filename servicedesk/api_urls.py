"""Addresses of the REST API, version 1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path
from drf_spectacular.views import SpectacularAPIView

from incidents.api import urls as incidents
from oncall.api import urls as oncall
from readiness.api import urls as readiness
from servicedesk.api_auth import LoginApiView, LogoutApiView, MeApiView, NoSuchAddress
from servicedesk.api_docs import DocsView
from sla import api as clocks
from sla.agreements_api import urls as agreements
from teamwork.api import urls as teamwork
from tickets.api import urls as tickets

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/login/", LoginApiView.as_view(), name="login"),
    path("auth/logout/", LogoutApiView.as_view(), name="logout"),
    path("me/", MeApiView.as_view(), name="me"),
    *tickets.urlpatterns,
    *incidents.urlpatterns,
    *teamwork.urlpatterns,
    *agreements.urlpatterns,
    *clocks.urlpatterns,
    *oncall.urlpatterns,
    *readiness.urlpatterns,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    re_path(r"^.*$", NoSuchAddress.as_view(), name="no_such_address"),
]
