"""Pages of the knowledge base (C8)."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.models import User
from accounts.roles import BUSINESS_ROLES
from tickets import policies_knowledge as policies
from tickets.actions_knowledge import KNOWLEDGE_ACTIONS, KNOWLEDGE_MOMENTS
from tickets.forms.knowledge import WORDS, KnowledgeFilter, ProposeForm
from tickets.models import Consultation, KnowledgeArticle, KnowledgeVersion
from tickets.services import knowledge as services
from workflow.actions import Action
from workflow.durations import stamp
from workflow.errors import InvalidInput, NotAllowed
from workflow.keyset import keyset_page
from workflow.models import FlowRecord
from workflow.timeline import entries
from workflow.views import ActionView


def find_article(user: User, number: str) -> KnowledgeArticle:
    """The visible article with this number, or 404."""
    rows = KnowledgeArticle.objects.visible_to(user).select_related(
        "author", "managed_object", "source", "holder"
    )
    found: KnowledgeArticle = get_object_or_404(rows, number=number)
    return found


class KnowledgeListView(SignedInMixin, View):
    """What is known, searchable by words of two characters and more."""

    roles = BUSINESS_ROLES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Narrowed by the filter, a page at a time."""
        form = KnowledgeFilter(request.GET, desk=self.person.is_desk)
        rows = form.narrow(KnowledgeArticle.objects.visible_to(self.person))
        page = keyset_page(rows.select_related("author"), request.GET, by="created_at")
        context = {
            "form": form,
            "page": page,
            "may_propose": bool(policies.can_propose(self.person)),
        }
        return render(request, "tickets/knowledge_list.html", context)


class KnowledgeView(SignedInMixin, View):
    """One article: the version that counts, and for the desk the one that waits."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Question, answer, versions, opinions."""
        article = find_article(self.person, number)
        desk = self.person.is_desk
        context = {
            "article": article,
            "offers": KNOWLEDGE_ACTIONS.offers(self.person, article, _url_of(article)),
            "versions": _versions(article) if desk else [],
            "facts": _facts(article, desk=desk),
            "mine": article.opinions.filter(reader=self.person).first(),
            "moments": entries(article, user=self.person, labels=KNOWLEDGE_MOMENTS),
        }
        return render(request, "tickets/knowledge.html", context)


class KnowledgeNewView(SignedInMixin, View):
    """Propose an article, from scratch or from a consultation (``?from=ZX-…``)."""

    @cached_property
    def source(self) -> Consultation | None:
        """The consultation whose question and answer it begins with."""
        number = self.request.POST.get("from") or self.request.GET.get("from", "")
        if not number:
            return None
        rows = Consultation.objects.visible_to(self.person).filter(state="closed")
        found: Consultation = get_object_or_404(rows, number=number)
        return found

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, begun with what the consultation says."""
        self._check()
        initial: dict[str, Any] = {"token": uuid4()}
        if self.source is not None:
            names = ("title", "question", "answer", "category", "managed_object")
            initial |= {name: getattr(self.source, name) for name in names}
        return self._page(ProposeForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Propose it."""
        self._check()
        form = ProposeForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        given = form.cleaned_data
        try:
            article = services.propose(
                actor=self.person, now=timezone.now(), wording=form.wording(),
                category=given["category"], managed_object=given["managed_object"],
                source=self.source, token=given["token"],
            )  # fmt: skip
        except InvalidInput as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, str(message))
            return self._page(form, status=422)
        text = _("%(number)s waits for somebody else to publish it.") % {"number": article.number}
        draft = f"knowledge-new-{self.source.number}" if self.source else "knowledge-new"
        messages.success(request, text, extra_tags=f"clear-draft:{draft}")
        return redirect(article)

    def _check(self) -> None:
        if not (decision := policies.can_propose(self.person)):
            raise NotAllowed(decision)

    def _page(self, form: ProposeForm, status: int = 200) -> HttpResponse:
        page = {"form": form, "source": self.source}
        return render(self.request, "tickets/knowledge_new.html", page, status=status)


class KnowledgeOpinionView(SignedInMixin, View):
    """POST: it helped, or it did not."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """``useful=1`` or ``useful=0``."""
        article = find_article(self.person, number)
        useful = request.POST.get("useful") == "1"
        services.judge(article, actor=self.person, now=timezone.now(), useful=useful)
        messages.success(request, _("Thank you, that has been noted."))
        return redirect(article)


class KnowledgeActionView(ActionView):
    """One act on an article."""

    actions = KNOWLEDGE_ACTIONS

    def find(self, key: str) -> KnowledgeArticle:
        """By number, in the person's scope."""
        return find_article(self.person, key)

    def record_url(self, record: FlowRecord) -> str:
        """The article's page."""
        return cast(KnowledgeArticle, record).get_absolute_url()

    def context(self, record: FlowRecord, action: Action) -> dict[str, Any]:
        """The version the decision is about, with its differences."""
        article = cast(KnowledgeArticle, record)
        waiting = [each for each in _versions(article) if each["version"].state == "pending"]
        return {"article": article, "waiting": waiting}


def _url_of(article: KnowledgeArticle) -> Any:
    return lambda code: reverse("tickets:knowledge_action", args=[article.number, code])


def _versions(article: KnowledgeArticle) -> list[dict[str, Any]]:
    """Newest first; ``parts`` says of each text whether the version before said something else."""
    rows = list(article.versions.select_related("author", "decided_by").order_by("version"))
    found: list[dict[str, Any]] = []
    before: KnowledgeVersion | None = None
    for row in rows:
        parts = [_part(row, before, name) for name in WORDS]
        found.append({"version": row, "parts": parts})
        before = row
    return found[::-1]


def _part(row: KnowledgeVersion, before: KnowledgeVersion | None, name: str) -> dict[str, str]:
    label = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    text, old = _said(getattr(row, name)), _said(getattr(before, name)) if before else ""
    changed = before is not None and old != text
    return {
        "label": label[:1].upper() + label[1:], "text": text, "before": old if changed else "",
    }  # fmt: skip


def _said(value: str | bool) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value


def _facts(article: KnowledgeArticle, *, desk: bool) -> list[tuple[str, Any]]:
    said = article.opinions.aggregate(yes=Count("pk", filter=Q(useful=True)), all=Count("pk"))
    rows: list[tuple[str, Any]] = [
        (_("Category"), article.get_category_display()),
        (_("System"), article.managed_object.label if article.managed_object else ""),
        (_("Keywords"), article.keywords),
        (_("Published at"), stamp(article.published_at)),
        (_("Useful"), said["yes"]),
        (_("Not useful"), said["all"] - said["yes"]),
    ]
    if desk:
        rows += [
            (_("Author"), article.author.name),
            (_("Version"), article.version),
            (_("Bank users may read it"), _("Yes") if article.public else _("No")),
            (_("Used in consultations"), article.consultations.count()),
        ]
    return rows
