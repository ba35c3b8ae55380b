"""The knowledge base over the API: search, read, propose, say whether it helped."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from tickets import policies_knowledge as policies
from tickets.forms.knowledge import ProposeForm
from tickets.knowledge_search import matching
from tickets.models import KnowledgeArticle
from tickets.services import knowledge as services
from workflow.api.actions import IDEMPOTENCY_KEY, REFUSALS, ErrorSerializer, find_by
from workflow.api.base import DeskApiView, NewestFirst, submission_token
from workflow.api.forms import form_data, invalid, serializer_from_form
from workflow.errors import NotAllowed


class ApiProposeForm(ProposeForm):
    """The page's form."""

    token = None  # type: ignore[assignment] # a header here


NewKnowledgeSerializer = serializer_from_form(ApiProposeForm, "NewKnowledge")


class KnowledgeSerializer(serializers.ModelSerializer[KnowledgeArticle]):
    """An article as it counts."""

    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = KnowledgeArticle
        fields: ClassVar = [
            "number", "state", "state_label", "title", "question", "answer", "keywords",
            "category", "public", "version", "published_at", "created_at", "row_version",
        ]  # fmt: skip


class OpinionSerializer(serializers.Serializer[Any]):
    """One word on an article."""

    useful = serializers.BooleanField()


def find_article(user: User, key: str) -> KnowledgeArticle:
    """By number, among what ``user`` may see; raises ``NotFound``."""
    article: KnowledgeArticle = find_by(KnowledgeArticle.objects.visible_to(user), number=key)
    return article


class KnowledgeListApiView(DeskApiView, generics.ListAPIView[KnowledgeArticle]):
    """What this person may read; POST proposes an article."""

    serializer_class = KnowledgeSerializer
    pagination_class = NewestFirst
    queryset = KnowledgeArticle.objects.none()

    def get_queryset(self) -> QuerySet[KnowledgeArticle]:
        """Within scope, narrowed by the words in ``q``."""
        rows = KnowledgeArticle.objects.visible_to(self.person)
        return matching(rows, self.request.query_params.get("q", "")[:60])

    @extend_schema(
        tags=["knowledge"], responses={200: KnowledgeSerializer(many=True)},
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, description="Words to look for.")],
    )  # fmt: skip
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page at a time."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        tags=["knowledge"], request=NewKnowledgeSerializer, parameters=[IDEMPOTENCY_KEY],
        responses={201: KnowledgeSerializer, **REFUSALS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Propose an article (C8): the same key again gives the same article."""
        if not (decision := policies.can_propose(self.person)):
            raise NotAllowed(decision)
        form = ApiProposeForm(form_data(request.data, ApiProposeForm))
        if not form.is_valid():
            raise invalid(form)
        article = services.propose(
            actor=self.person,
            now=timezone.now(),
            wording=form.wording(),
            category=form.cleaned_data["category"],
            managed_object=form.cleaned_data["managed_object"],
            token=submission_token(request),
        )
        return Response(KnowledgeSerializer(article).data, status=201)


class KnowledgeApiView(DeskApiView):
    """One article."""

    @extend_schema(
        tags=["knowledge"],
        responses={200: KnowledgeSerializer, 401: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, key: str) -> Response:
        """By number."""
        return Response(KnowledgeSerializer(find_article(self.person, key)).data)


class KnowledgeOpinionApiView(DeskApiView):
    """Whether it helped."""

    @extend_schema(tags=["knowledge"], request=OpinionSerializer, responses={204: None, **REFUSALS})
    def post(self, request: Request, key: str) -> Response:
        """One word per reader, which may be changed."""
        article = find_article(self.person, key)
        said = OpinionSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        services.judge(
            article, actor=self.person, now=timezone.now(), useful=said.validated_data["useful"]
        )
        return Response(status=204)
