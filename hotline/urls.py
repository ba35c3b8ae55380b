"""Addresses of the hotline room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from hotline.views import console, contacts, machine_room, of_incident

app_name = "hotline"
urlpatterns: list[URLPattern | URLResolver] = [
    path("console/", console.ConsoleView.as_view(), name="console"),
    path("console/callers/", console.CallerSearchView.as_view(), name="caller_search"),
    path("console/caller/", console.CallerCardView.as_view(), name="caller_card"),
    path("console/suggestions/", console.SuggestionsView.as_view(), name="suggestions"),
    path("contacts/", contacts.ContactListView.as_view(), name="contact_list"),
    path("contacts/<str:number>/", contacts.ContactView.as_view(), name="contact"),
    path(
        "contacts-of/<str:number>/",
        of_incident.IncidentContactsView.as_view(),
        name="incident_contacts",
    ),
    path("machine-room/", machine_room.ReportListView.as_view(), name="machine_room_list"),
    path("machine-room/new/", machine_room.NewReportView.as_view(), name="machine_room_new"),
    path("machine-room/<str:number>/", machine_room.ReportView.as_view(), name="machine_room"),
    path(
        "machine-room/<str:number>/take/",
        machine_room.TakeReportView.as_view(),
        name="machine_room_take",
    ),
    path(
        "machine-room/<str:number>/judge/",
        machine_room.JudgeReportView.as_view(),
        name="machine_room_judge",
    ),
    path(
        "contacts/<str:number>/correct/",
        contacts.CorrectContactView.as_view(),
        name="contact_correct",
    ),
    path(
        "contacts/<str:number>/corrections/<int:pk>/decide/",
        contacts.DecideCorrectionView.as_view(),
        name="contact_decide",
    ),
]
