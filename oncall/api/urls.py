"""Addresses of the on-call room in the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from oncall.api import duty, ladders, my_line, people, planning, roster, rotations, views

urlpatterns: list[URLPattern] = [
    path("oncall/now/", roster.OnCallNowApiView.as_view(), name="on_call_now"),
    path("oncall/shifts/", planning.ShiftsApiView.as_view(), name="shifts"),
    path("oncall/findings/", planning.RosterFindingsApiView.as_view(), name="roster_findings"),
    path("oncall/rotations/", rotations.RotationsApiView.as_view(), name="rotations"),
    path(
        "oncall/rotations/<str:roster>/versions/",
        rotations.RotationVersionsApiView.as_view(),
        name="rotation_versions",
    ),
    path(
        "oncall/rotations/<str:roster>/versions/<int:version>/",
        rotations.RotationVersionApiView.as_view(),
        name="rotation_version",
    ),
    path("oncall/publish/", planning.PublishApiView.as_view(), name="roster_publish"),
    path(
        "oncall/shifts/<int:pk>/replace/",
        roster.ReplaceShiftApiView.as_view(),
        name="shift_replace",
    ),
    path("pages/", views.PageListApiView.as_view(), name="pages"),
    path("pages/<int:pk>/", views.PageApiView.as_view(), name="page"),
    path("pages/<int:pk>/acknowledge/", views.TakePageApiView.as_view(), name="page_acknowledge"),
    path("my-line/", my_line.MyLineApiView.as_view(), name="my_line"),
    path("my-line/test-call/", my_line.TestCallApiView.as_view(), name="test_call"),
    path("ladders/", ladders.LaddersApiView.as_view(), name="ladders"),
    path(
        "ladders/<str:urgency>/versions/",
        ladders.LadderVersionsApiView.as_view(),
        name="ladder_versions",
    ),
    path(
        "ladders/<str:urgency>/versions/<int:version>/",
        ladders.LadderVersionApiView.as_view(),
        name="ladder_version",
    ),
    path("leave/", people.LeavesApiView.as_view(), name="leaves"),
    path("leave/file/", people.LeaveFileApiView.as_view(), name="leave_file"),
    path("leave/<int:pk>/withdraw/", people.WithdrawLeaveApiView.as_view(), name="leave_withdraw"),
    path("swaps/", people.SwapsApiView.as_view(), name="swaps"),
    path("swaps/<int:pk>/<str:act>/", people.SwapActApiView.as_view(), name="swap_act"),
    path("roster-feeds/", people.FeedsApiView.as_view(), name="feeds"),
    path("roster-feeds/<int:pk>/revoke/", people.RevokeFeedApiView.as_view(), name="feed_revoke"),
    path("handovers/", duty.HandoversApiView.as_view(), name="handovers"),
    path("handovers/<int:pk>/", duty.HandoverApiView.as_view(), name="handover"),
    path(
        "handovers/<int:pk>/acknowledge/",
        duty.AcknowledgeHandoverApiView.as_view(),
        name="handover_acknowledge",
    ),
    path("load/", duty.LoadApiView.as_view(), name="load"),
]
