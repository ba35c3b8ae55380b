"""Pages of project groups and their members, for service support and the system administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.mixins import SignedInMixin
from accounts.roles import Role
from tickets.forms.opinions import ProjectGroupForm, initial_of
from tickets.models import ProjectGroup
from tickets.services.project_groups import save_group
from workflow.errors import InvalidInput


class GroupPage(SignedInMixin, View):
    """Who may look after groups (R33)."""

    roles = (Role.SUPPORT, Role.SYSADMIN)


class GroupListView(GroupPage):
    """All groups with their people and what they still owe."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Two queries, whatever their number."""
        owed = Q(groupopinion__answered_at=None, groupopinion__removed_at=None)
        rows = ProjectGroup.objects.prefetch_related("members").annotate(
            owed=Count("groupopinion", filter=owed & Q(groupopinion__isnull=False), distinct=True)
        )
        return render(request, "tickets/group_list.html", {"groups": rows})


class GroupView(GroupPage):
    """One group, or a new one."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The form."""
        group = _group(pk)
        return self._page(group, ProjectGroupForm(initial=initial_of(group) if group else None))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save it; what is wrong is said beside its field."""
        group = _group(pk)
        form = ProjectGroupForm(request.POST)
        if form.is_valid():
            given: dict[str, Any] = form.cleaned_data
            try:
                save_group(group, actor=self.person, now=timezone.now(), **given)
            except InvalidInput as refusal:
                for name, message in refusal.fields.items():
                    form.add_error(name, str(message))
            else:
                messages.success(request, _("The group has been saved."), extra_tags="clear-draft")
                return redirect("tickets:group_list")
        return self._page(group, form, status=422)

    def _page(
        self, group: ProjectGroup | None, form: ProjectGroupForm, *, status: int = 200
    ) -> HttpResponse:
        page = {"group": group, "form": form}
        return render(self.request, "tickets/group.html", page, status=status)


def _group(pk: int | None) -> ProjectGroup | None:
    return get_object_or_404(ProjectGroup, pk=pk) if pk else None
