"""Addresses of the readiness room."""

from __future__ import annotations

from django.urls import URLPattern, path

from readiness.views import checklists, drills, plans, risks

app_name = "readiness"
urlpatterns: list[URLPattern] = [
    path("plans/", plans.PlanListView.as_view(), name="plan_list"),
    path("plans/flow/", plans.FlowView.as_view(), name="flow"),
    path("plans/new/", plans.PlanNewView.as_view(), name="plan_new"),
    path("plans/<str:number>/", plans.PlanView.as_view(), name="plan"),
    path("plans/<str:key>/do/<str:action>/", plans.PlanActionView.as_view(), name="plan_act"),
    path("plans/<str:number>/drill/", plans.DrillNowView.as_view(), name="drill_start"),
    path("drills/", drills.DrillListView.as_view(), name="drill_list"),
    path("drills/plan/", drills.DrillNewView.as_view(), name="drill_plan"),
    path("drills/<str:number>/", drills.DrillView.as_view(), name="drill"),
    path("drills/<str:key>/do/<str:action>/", drills.DrillActionView.as_view(), name="drill_act"),
    path("risks/", risks.RiskListView.as_view(), name="risk_list"),
    path("risks/new/", risks.RiskNewView.as_view(), name="risk_new"),
    path("risks/<str:number>/", risks.RiskView.as_view(), name="risk"),
    path("risks/<str:key>/do/<str:action>/", risks.RiskActionView.as_view(), name="risk_act"),
    path("incidents/<str:number>/checklist/", checklists.ChecklistView.as_view(), name="checklist"),
    path(
        "incidents/<str:number>/checklist/open/",
        checklists.OpenPlanView.as_view(),
        name="checklist_open",
    ),
    path(
        "incidents/<str:number>/checklist/<int:use>/tick/",
        checklists.TickView.as_view(),
        name="checklist_tick",
    ),
    path(
        "incidents/<str:number>/checklist/undo/<int:tick>/",
        checklists.UntickView.as_view(),
        name="checklist_untick",
    ),
]
