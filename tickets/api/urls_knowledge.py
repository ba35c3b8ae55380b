"""Addresses of the knowledge base in the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from tickets.actions_knowledge import KNOWLEDGE_ACTIONS
from tickets.api import knowledge
from workflow.api.actions import RecordApi

KNOWLEDGE = RecordApi(
    "knowledge", KNOWLEDGE_ACTIONS, knowledge.find_article, knowledge.KnowledgeSerializer
)

urlpatterns: list[URLPattern] = [
    path("knowledge/", knowledge.KnowledgeListApiView.as_view(), name="knowledge"),
    path("knowledge/<str:key>/", knowledge.KnowledgeApiView.as_view(), name="knowledge_entry"),
    path(
        "knowledge/<str:key>/opinion/",
        knowledge.KnowledgeOpinionApiView.as_view(),
        name="knowledge_entry_opinion",
    ),
    *KNOWLEDGE.routes(),
]
