"""Addresses of the teamwork room's API."""

from __future__ import annotations

from django.urls import URLPattern, path

from teamwork.api import around, delegation, phrases

urlpatterns: list[URLPattern] = [
    path("around/<slug:kind>/<str:key>/", around.AroundApiView.as_view(), name="around"),
    path(
        "around/<slug:kind>/<str:key>/<slug:act>/",
        around.AroundActApiView.as_view(),
        name="around_act",
    ),
    path("phrases/", phrases.PhrasesApiView.as_view(), name="phrases"),
    path("phrases/<int:pk>/", phrases.PhraseApiView.as_view(), name="phrase"),
    path("delegations/", delegation.DelegationsApiView.as_view(), name="delegations"),
    path("delegations/<int:pk>/end/", delegation.EndApiView.as_view(), name="delegation_end"),
]
