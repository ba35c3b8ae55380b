"""Addresses of the on-call room in the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from oncall.api import roster, views

urlpatterns: list[URLPattern] = [
    path("oncall/now/", roster.OnCallNowApiView.as_view(), name="on_call_now"),
    path(
        "oncall/shifts/<int:pk>/replace/",
        roster.ReplaceShiftApiView.as_view(),
        name="shift_replace",
    ),
    path("pages/", views.PageListApiView.as_view(), name="pages"),
    path("pages/<int:pk>/", views.PageApiView.as_view(), name="page"),
    path("pages/<int:pk>/acknowledge/", views.TakePageApiView.as_view(), name="page_acknowledge"),
    path("ladders/", views.LaddersApiView.as_view(), name="ladders"),
]
