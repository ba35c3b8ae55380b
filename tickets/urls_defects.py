"""Addresses of defects, their files and the sign-off inbox."""

from __future__ import annotations

from django.urls import URLPattern, path

from tickets.views import attachments, defect_actions, defect_new, defects, groups, signoff

urlpatterns: list[URLPattern] = [
    path("defects/", defects.DefectListView.as_view(), name="defect_list"),
    path("defects/new/", defect_new.DefectNewView.as_view(), name="defect_new"),
    path("defects/<str:key>/", defects.DefectView.as_view(), name="defect"),
    path("defects/<str:key>/form/", defects.PaperView.as_view(), name="defect_paper"),
    path("defects/<str:key>/receipt/", defects.ReceiptView.as_view(), name="defect_receipt"),
    path(
        "defects/<str:key>/do/<slug:action>/",
        defect_actions.DefectActionView.as_view(),
        name="defect_action",
    ),
    path("project-groups/", groups.GroupListView.as_view(), name="group_list"),
    path("project-groups/new/", groups.GroupView.as_view(), name="group_new"),
    path("project-groups/<int:pk>/", groups.GroupView.as_view(), name="group"),
    path("sign-off/", signoff.SignoffInboxView.as_view(), name="signoff_inbox"),
    path("attachments/<uuid:key>/", attachments.AttachmentView.as_view(), name="attachment"),
]
