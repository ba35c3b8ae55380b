"""Addresses of the accounts room."""

from __future__ import annotations

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("kept/", views.kept, name="kept"),
    path("language/", views.set_language, name="set_language"),
    path("profile/", views.profile, name="profile"),
]
