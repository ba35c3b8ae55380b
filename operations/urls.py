"""Addresses of the operations room."""

from __future__ import annotations

from django.urls import path

from operations import views, views_keeping

app_name = "operations"
urlpatterns = [
    path("objects/", views.ObjectListView.as_view(), name="object_list"),
    path("objects/new/", views_keeping.ObjectFormView.as_view(), name="object_new"),
    path("objects/<str:code>/edit/", views_keeping.ObjectFormView.as_view(), name="object_edit"),
    path("objects/<str:code>/retire/", views_keeping.ProposeView.as_view(), name="object_propose"),
    path("objects/<str:code>/decide/", views_keeping.DecideView.as_view(), name="object_decide"),
    path("objects/<str:code>/", views.ObjectView.as_view(), name="object"),
]
