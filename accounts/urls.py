"""Addresses of the accounts room."""

from __future__ import annotations

from django.urls import path

from accounts import views, views_people, views_profile, views_units

app_name = "accounts"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("kept/", views.kept, name="kept"),
    path("language/", views.set_language, name="set_language"),
    path("profile/", views_profile.ProfileView.as_view(), name="profile"),
    path("profile/password/", views_profile.OwnPasswordView.as_view(), name="own_password"),
    path("units/", views_units.UnitsView.as_view(), name="units"),
    path("units/new/", views_units.UnitView.as_view(), name="unit_new"),
    path("units/<int:pk>/", views_units.UnitView.as_view(), name="unit"),
    path("units/<int:pk>/switch/", views_units.UnitSwitchView.as_view(), name="unit_switch"),
    path("people/", views_people.PeopleView.as_view(), name="people"),
    path("people/new/", views_people.NewPersonView.as_view(), name="person_new"),
    path("people/<int:pk>/", views_people.PersonView.as_view(), name="person"),
    path("people/<int:pk>/roles/", views_people.RolesView.as_view(), name="person_roles"),
    path("people/<int:pk>/password/", views_people.PasswordView.as_view(), name="person_password"),
    path("people/<int:pk>/switch/", views_people.SwitchView.as_view(), name="person_switch"),
]
