"""Addresses of the teamwork room."""

from __future__ import annotations

from django.urls import URLPattern, path

from teamwork.views import around, delegation, handing_over, phrases

app_name = "teamwork"
urlpatterns: list[URLPattern] = [
    path("around/<slug:kind>/<str:key>/<slug:act>/", around.AroundView.as_view(), name="around"),
    path("mentions/", around.MentionsView.as_view(), name="mentions"),
    path("phrases/", phrases.PhrasesView.as_view(), name="phrases"),
    path("phrases/offer/", phrases.OfferView.as_view(), name="phrases_offer"),
    path("phrases/<int:pk>/remove/", phrases.RemoveView.as_view(), name="phrase_remove"),
    path("colleagues/", handing_over.ColleaguesView.as_view(), name="colleagues"),
    path("people/<int:pk>/work/", handing_over.HandOverView.as_view(), name="hand_over"),
    path("delegations/", delegation.DelegationsView.as_view(), name="delegations"),
    path(
        "delegations/of/<int:pk>/",
        delegation.DelegationPanelView.as_view(),
        name="delegation_panel",
    ),
    path("delegations/<int:pk>/end/", delegation.EndView.as_view(), name="delegation_end"),
]
