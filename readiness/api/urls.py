"""Addresses of the readiness room in the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from readiness.actions import DRILL_ACTIONS, PLAN_ACTIONS, RISK_ACTIONS
from readiness.api import views
from readiness.api.serializers import DrillSerializer, PlanDetailSerializer, RiskSerializer
from workflow.api.actions import RecordApi

PLANS = RecordApi("plans", PLAN_ACTIONS, views.find_plan, PlanDetailSerializer)
DRILLS = RecordApi("drills", DRILL_ACTIONS, views.find_drill, DrillSerializer)
RISKS = RecordApi("risks", RISK_ACTIONS, views.find_risk, RiskSerializer)

urlpatterns: list[URLPattern] = [
    path("plans/", views.PlanListApiView.as_view(), name="plans"),
    path("plans/<str:key>/", views.PlanApiView.as_view(), name="plan"),
    *PLANS.routes(),
    path("drills/", views.DrillListApiView.as_view(), name="drills"),
    path("drills/<str:key>/", views.DrillApiView.as_view(), name="drill"),
    *DRILLS.routes(),
    path("risks/", views.RiskListApiView.as_view(), name="risks"),
    path("risks/<str:key>/", views.RiskApiView.as_view(), name="risk"),
    *RISKS.routes(),
]
