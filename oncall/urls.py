"""Addresses of the oncall room."""

from __future__ import annotations

from django.urls import path

from oncall.views import (
    aliyun,
    evidence,
    feeds,
    handovers,
    ladders,
    leave,
    link,
    load,
    my_line,
    pages,
    phone,
    provider,
    publishing,
    replacing,
    roster,
    rotations,
    swaps,
    twilio,
)

app_name = "oncall"
urlpatterns = [
    path("phone/", phone.PhoneView.as_view(), name="phone"),
    path("phone/screen/", phone.ScreenView.as_view(), name="phone_screen"),
    path("phone/board/<str:token>/", phone.BoardView.as_view(), name="phone_board"),
    path("phone/behaviour/", phone.BehaviourView.as_view(), name="phone_behaviour"),
    path("phone/<uuid:sid>/answer/", phone.AnswerView.as_view(), name="phone_answer"),
    path("phone/<uuid:sid>/hang-up/", phone.HangUpView.as_view(), name="phone_hang_up"),
    path("phone/<uuid:sid>/press/", phone.PressView.as_view(), name="phone_press"),
    path("pages/", pages.PageListView.as_view(), name="page_list"),
    path("pages/for/<str:subject>/", pages.PanelView.as_view(), name="page_panel"),
    path("pages/<int:pk>/", pages.PageView.as_view(), name="page"),
    path("pages/<int:pk>/acknowledge/", pages.AcknowledgeView.as_view(), name="page_acknowledge"),
    path("pages/<int:pk>/evidence/", evidence.EvidenceView.as_view(), name="evidence"),
    path("ladders/", ladders.LaddersView.as_view(), name="ladders"),
    path("ladders/<str:urgency>/", ladders.LadderEditView.as_view(), name="ladder_edit"),
    path("my-line/", my_line.MyLineView.as_view(), name="my_line_page"),
    path("my-line/test-call/", my_line.TestCallView.as_view(), name="test_call"),
    path("my-line/reach/", my_line.ReachView.as_view(), name="reach"),
    path("telephony/", provider.ProviderView.as_view(), name="provider"),
    *[
        path(f"telephony/twilio/<str:reference>/{kind}/", view.as_view(), name=f"twilio_{kind}")
        for kind, view in twilio.VIEWS.items()
    ],
    path("telephony/aliyun/<str:secret>/receipts/", aliyun.ReceiptView.as_view(), name="aliyun"),
    path("take/<str:token>/", link.LinkView.as_view(), name="link"),
    path("roster/", roster.RosterView.as_view(), name="roster"),
    path("roster/rotations/", rotations.RotationsView.as_view(), name="rotations"),
    path(
        "roster/rotations/<str:roster>/", rotations.RotationEditView.as_view(), name="rotation_edit"
    ),
    path("roster/publish/", publishing.PublishView.as_view(), name="publish"),
    path("roster/now/", roster.NowView.as_view(), name="now"),
    path("roster/leave/", leave.LeaveView.as_view(), name="leave"),
    path("roster/leave/file/", leave.LeaveFileView.as_view(), name="leave_file"),
    path("roster/leave/take/", leave.TakeLeaveView.as_view(), name="leave_take"),
    path(
        "roster/leave/<int:pk>/withdraw/", leave.WithdrawLeaveView.as_view(), name="leave_withdraw"
    ),
    path("roster/swaps/", swaps.SwapsView.as_view(), name="swaps"),
    path("roster/swaps/new/", swaps.OfferView.as_view(), name="swap_offer"),
    path("roster/swaps/<int:pk>/<str:act>/", swaps.SwapActView.as_view(), name="swap_act"),
    path("roster/handovers/", handovers.HandoversView.as_view(), name="handovers"),
    path("roster/handovers/<int:pk>/", handovers.HandoverView.as_view(), name="handover"),
    path(
        "roster/handovers/<int:pk>/acknowledge/",
        handovers.AcknowledgeHandoverView.as_view(),
        name="handover_acknowledge",
    ),
    path("roster/feeds/", feeds.FeedsView.as_view(), name="feeds"),
    path("roster/feeds/<int:pk>/revoke/", feeds.RevokeFeedView.as_view(), name="feed_revoke"),
    path("roster/feed/<uuid:key>/<str:token>.ics", feeds.FeedView.as_view(), name="feed"),
    path("roster/load/", load.LoadView.as_view(), name="load"),
    path("roster/load/<int:pk>/<str:figure>/", load.LoadDetailView.as_view(), name="load_detail"),
    path("roster/shifts/<int:pk>/replace/", replacing.ReplaceView.as_view(), name="shift_replace"),
    path("roster/shifts/<int:pk>/remove/", roster.RemoveShiftView.as_view(), name="shift_remove"),
]
