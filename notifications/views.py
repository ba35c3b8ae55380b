"""The inbox, the bell's number, and what could not be delivered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.mixins import SignedInMixin
from notifications import groups, services
from notifications.models import GroupPost, Message
from notifications.policies import WATCHERS, can_see_undelivered
from workflow.keyset import keyset_page

MOST_SHOWN = 99
MOST_POSTS = 50


class InboxView(SignedInMixin, View):
    """A person's messages, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """All, or with ``?show=unread`` the new ones."""
        inbox = Message.objects.inbox_of(self.person)
        unread = inbox.filter(read_at=None)
        only_unread = request.GET.get("show") == "unread"
        page = {
            "messages_page": keyset_page(
                unread if only_unread else inbox, request.GET, by="created_at"
            ),
            "tabs": [
                {"label": _("All"), "url": "?", "active": not only_unread},
                {
                    "label": _("Unread"),
                    "url": "?show=unread",
                    "active": only_unread,
                    "count": unread.count(),
                },
            ],
            "only_unread": only_unread,
            "may_see_undelivered": bool(can_see_undelivered(self.person)),
        }
        return render(request, "notifications/inbox.html", page)


@method_decorator(never_cache, name="dispatch")
class UnreadView(SignedInMixin, View):
    """The number on the bell."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Only the number, up to 99, for the frame of every page; for zero nothing at all."""
        count = Message.objects.inbox_of(self.person).filter(read_at=None).count()
        if not count:
            return HttpResponse()
        shown = str(count) if count <= MOST_SHOWN else f"{MOST_SHOWN}+"
        return render(request, "notifications/unread.html", {"shown": shown})


class OpenView(SignedInMixin, View):
    """Leads from a message to what it is about."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark it read and go there."""
        message = get_object_or_404(Message.objects.inbox_of(self.person), pk=pk)
        services.mark_read(message, now=timezone.now())
        if message.url and url_has_allowed_host_and_scheme(message.url, {request.get_host()}):
            return redirect(message.url)
        return redirect("notifications:inbox")


class ReadView(SignedInMixin, View):
    """Marks one message read."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Back to the list afterwards."""
        message = get_object_or_404(Message.objects.inbox_of(self.person), pk=pk)
        services.mark_read(message, now=timezone.now())
        return redirect("notifications:inbox")


class ReadAllView(SignedInMixin, View):
    """Marks everything read."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Back to the list afterwards."""
        services.mark_all_read(self.person, now=timezone.now())
        return redirect("notifications:inbox")


class UndeliveredView(SignedInMixin, View):
    """E-mails and posts that did not go out, without their words (I08)."""

    roles = tuple(role.value for role in WATCHERS)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first, with the server's answer; posts into groups beneath."""
        stuck = Message.objects.undelivered().select_related("recipient__organisation")
        page = {
            "stuck": keyset_page(stuck, request.GET, by="created_at"),
            "posts": GroupPost.objects.visible_to(self.person).undelivered()[:MOST_POSTS],
        }
        return render(request, "notifications/undelivered.html", page)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Try one again that was given up."""
        now = timezone.now()
        if number := request.POST.get("post", ""):
            lost = GroupPost.objects.visible_to(self.person).filter(state=GroupPost.State.FAILED)
            post = get_object_or_404(lost, pk=int(number) if number.isdecimal() else 0)
            groups.send_again(post, actor=self.person, now=now)
        else:
            number = request.POST.get("message", "")
            given_up = Message.objects.undelivered().filter(state=Message.State.FAILED)
            message = get_object_or_404(given_up, pk=int(number) if number.isdecimal() else 0)
            services.send_again(message, actor=self.person, now=now)
        messages.success(request, _("It will be tried again now."))
        return redirect("notifications:undelivered")
