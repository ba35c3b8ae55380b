"""Addresses of the notifications room."""

from __future__ import annotations

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("messages/", views.InboxView.as_view(), name="inbox"),
    path("messages/unread/", views.UnreadView.as_view(), name="unread"),
    path("messages/read-all/", views.ReadAllView.as_view(), name="read_all"),
    path("messages/undelivered/", views.UndeliveredView.as_view(), name="undelivered"),
    path("messages/<int:pk>/", views.OpenView.as_view(), name="open"),
    path("messages/<int:pk>/read/", views.ReadView.as_view(), name="read"),
]
