"""Tags and filters of the design system, built into every template.

``docs/design-system.md`` and the style guide show each with its call. The templates stand in
``templates/components/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Role
from workflow import deadlines, durations, phones
from workflow.deadlines import read
from workflow.tones import tone_of

register = template.Library()
Context = template.Context

# The on-call person is a fact of the roster, not a role that anybody holds.
ROLE_LABELS = {**dict(Role.choices), "oncall": gettext_lazy("On-call person")}
LONG = 8  # characters: shorter values are choices and numbers, not words
_SECRET = re.compile(r"password|token|otp|secret", re.IGNORECASE)


# --- filters ----------------------------------------------------------------------------------
@register.filter
def dt(value: datetime | date | time | None, style: str = "") -> str:
    """``2026-11-23 09:05`` in Beijing time; style "s", "date" or "time"."""
    return durations.stamp(value, style)


@register.filter
def ago(value: datetime | None) -> SafeString | str:
    """``3 小时前`` with the full time on hover."""
    return durations.ago(value, timezone.now())


@register.filter
def is_recent(value: datetime | None) -> bool:
    """Less than a day away: worth an ``|ago`` beside the date."""
    return value is not None and durations.is_recent(value, timezone.now())


@register.filter
def dwell(value: datetime | timedelta | float | None) -> str:
    """How long since an instant, or how long a span is: ``3时05分``."""
    return durations.length(value, timezone.now())


@register.filter
def hms(value: float | timedelta | None) -> str:
    """Seconds as ``1:05:09``."""
    return durations.clock_face(value)


@register.filter
def mask_phone(value: str | None) -> str:
    """``138****8000``."""
    return phones.mask_phone(value)


@register.filter
def role_label(code: str) -> str:
    """Name of a role code."""
    return str(ROLE_LABELS.get(code, ""))


# --- small pieces -----------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless it has a ``label``."""
    href = f"{static('desk/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            css,
            label,
            href,
        )
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        css,
        href,
    )


@register.simple_tag
def state_badge(state: Any, label: str = "", tone: str = "") -> SafeString:
    """Colour and word: ``{% state_badge record %}`` or ``{% state_badge code label %}``."""
    if not isinstance(state, str):
        label = label or state.get_state_display()
        state = str(state.state)
    return format_html(
        '<span class="state tone-{}"><span class="state-dot" aria-hidden="true"></span>{}</span>',
        tone or tone_of(state),
        label,
    )


@register.simple_tag
def tag(label: str, tone: str = "idle") -> SafeString:
    """A small quiet label."""
    return format_html('<span class="tag tone-{}">{}</span>', tone, label)


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """A keyboard hint: ``{% kbd "Ctrl+Enter" %}``."""
    return format_html('<kbd class="key" aria-hidden="true">{}</kbd>', keys)


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The present query string with ``changes``; None or "" takes a parameter away."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if isinstance(value, list | tuple):
            query.setlist(name, [str(each) for each in value])
        elif value not in (None, ""):
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def posted_texts(context: Context) -> list[str]:
    """The long texts of a refused POST, so that an error page can give the words back."""
    request = context.get("request")
    if request is None or request.method != "POST":
        return []
    return [
        text
        for name, text in request.POST.items()
        if isinstance(text, str) and len(text) >= LONG and not _SECRET.search(name)
    ]


# --- components -------------------------------------------------------------------------------
@register.inclusion_tag("components/deadline_chip.html")
def deadline_chip(clock: Any) -> dict[str, Any]:
    """正常 剩余 9时12分; counts down in the browser from the server's clock."""
    return {"deadline": deadlines.deadline(clock, timezone.now())}


@register.inclusion_tag("components/countdown.html")
def countdown(clock: Any, title: str = "", note: str = "") -> dict[str, Any]:
    """The big one of the incident room and the wallboard."""
    limit = deadlines.deadline(clock, timezone.now())
    face = durations.clock_face(abs(limit.due_ms - limit.now_ms) / 1000 * 3600 / limit.hour_seconds)
    return {"deadline": limit, "face": face if limit.live else "", "title": title, "note": note}


@register.inclusion_tag("components/page_header.html", takes_context=True)
def page_header(
    context: Context,
    title: str,
    number: str = "",
    state: Any = None,
    offers: Iterable[Any] = (),
    crumbs: Iterable[Any] = (),
    lead: str = "",
) -> dict[str, Any]:
    """Title, number, state and the acts of this person, the first possible one as primary."""
    return {
        "title": title,
        "number": number,
        "state": state,
        "crumbs": list(crumbs),
        "lead": lead,
        **_acts(context, offers),
    }


@register.inclusion_tag("components/action_bar.html", takes_context=True)
def action_bar(context: Context, offers: Iterable[Any]) -> dict[str, Any]:
    """Only the acts."""
    return _acts(context, offers)


@register.inclusion_tag("components/holder_line.html")
def holder_line(record: Any, clock: Any = None, clocks: Iterable[Any] = ()) -> dict[str, Any]:
    """Holder · dwell time · deadline chips, under every title."""
    return {
        "holder": read(record, "holder"),
        "role": str(ROLE_LABELS.get(str(read(record, "holder_role", "")), "")),
        "since": read(record, "state_since"),
        "clocks": [each for each in (clock, *clocks) if each],
    }


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Iterable[Any]) -> dict[str, Any]:
    """The five steps: dicts with label, state (done/current/todo/skipped), who, when, detail."""
    return {"steps": list(steps)}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """Entries with at, title, person, text, and optionally internal, tone, icon."""
    return {"entries": list(entries)}


@register.inclusion_tag("components/facts.html")
def facts(rows: Iterable[Any]) -> dict[str, Any]:
    """(label, value) pairs as a definition list; empty values become a dash."""
    return {"rows": list(rows)}


@register.inclusion_tag("components/stat.html")
def stat(
    label: str, value: Any, url: str = "", tone: str = "", unit: str = "", note: str = ""
) -> dict[str, Any]:
    """A number that is a link to the list behind it."""
    return {
        "label": label,
        "value": value,
        "url": url,
        "tone": tone,
        "unit": unit,
        "note": note,
    }


@register.inclusion_tag("components/late_cards.html")
def late_cards(cards: Iterable[Any]) -> dict[str, Any]:
    """At most three records that are late or about to be: number, title, url, clock, next."""
    return {"cards": list(cards)[:3]}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Tabs as links: dicts with label, url, count, active, and optionally tone."""
    return {"items": list(items), "label": label or _("Views")}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Any) -> dict[str, Any]:
    """Previous and next: a keyset page (``prev``, ``next`` cursors, ``total``) or a Django Page."""
    if hasattr(page, "paginator"):
        before = query_with(context, page=page.number - 1) if page.has_previous() else ""
        after = query_with(context, page=page.number + 1) if page.has_next() else ""
        total, number = page.paginator.count, page.number
        return {
            "before": before,
            "after": after,
            "total": total,
            "number": number,
            "pages": page.paginator.num_pages,
        }
    before, after = read(page, "prev", ""), read(page, "next", "")
    return {
        "before": query_with(context, before=before, after=None) if before else "",
        "after": query_with(context, after=after, before=None) if after else "",
        "total": read(page, "total"),
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str, how: str = "", icon: str = "inbox", url: str = "", action: str = ""
) -> dict[str, Any]:
    """What would be here, how it gets here, and the act that starts it."""
    return {"title": title, "how": how, "icon": icon, "url": url, "action": action}


@register.inclusion_tag("components/person.html")
def person(user: Any, show: str = "unit") -> dict[str, Any]:
    """Name and unit of a person; ``show="name"`` for the name alone."""
    return {"user": user, "show": show}


@register.inclusion_tag("components/attachment_picker.html")
def attachment_picker(name: str = "attachments", label: str = "") -> dict[str, Any]:
    """Several files, by choice, paste or drop."""
    return {"name": name, "label": label or _("Attachments")}


@register.inclusion_tag("components/attachments.html")
def attachment_list(files: Iterable[Any]) -> dict[str, Any]:
    """Files with name, url, size (bytes), and is_image."""
    return {"files": list(files)}


@register.inclusion_tag("components/flash.html", takes_context=True)
def flash(context: Context, message: Any) -> dict[str, Any]:
    """One message; its extra tags may hold ``clear-draft[:key]`` and ``undo:/address/``."""
    extra = (message.extra_tags or "").split()
    level = str(message.level_tag)
    return {
        "message": message,
        "tone": {"success": "ok", "warning": "warn", "error": "late"}.get(level, "info"),
        "icon": {"success": "circle-check", "error": "alert-circle"}.get(level, "info-circle"),
        "clear_draft": next((each for each in extra if each.startswith("clear-draft")), ""),
        "undo": next((each[5:] for each in extra if each.startswith("undo:/")), ""),
        "csrf_token": context.get("csrf_token"),
    }


# --- blocks with content ----------------------------------------------------------------------
@register.simple_block_tag
def panel(content: str, title: str = "", icon: str = "", css: str = "") -> str:
    """``{% panel "Facts" %}…{% endpanel %}``: a bordered section with a heading."""
    page = {"content": content, "title": title, "icon": icon, "css": css}
    return render_to_string("components/panel.html", page)


@register.simple_block_tag
def internal(content: str, title: str = "") -> str:
    """``{% internal %}…{% endinternal %}``: tint, lock and the word, so nobody mistakes it."""
    return render_to_string("components/internal.html", {"content": content, "title": title})


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> str:  # noqa: A002 - the attribute's own name
    """``{% dialog "approve" title %}…{% enddialog %}``; opened by ``data-dialog="approve"``."""
    return render_to_string(
        "components/dialog.html", {"content": content, "id": id, "title": title}
    )


@register.simple_block_tag
def filter_bar(content: str, label: str = "") -> str:
    """``{% filter_bar %}fields{% endfilter_bar %}``: a GET form above a list."""
    return render_to_string("components/filter_bar.html", {"content": content, "label": label})


def _acts(context: Context, offers: Iterable[Any]) -> dict[str, Any]:
    acts = [_act(offer) for offer in offers]
    first = next((act for act in acts if act["enabled"] and act["tone"] != "danger"), None)
    if first and not any(act["primary"] for act in acts):
        first["primary"] = True
    acts.sort(key=lambda act: (not act["primary"], not act["enabled"]))
    return {
        "acts": acts,
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }


def _act(offer: Any) -> dict[str, Any]:
    """An ``Offer`` of the workflow room, or a dict with the same names, flattened."""
    action = read(offer, "action", offer)
    decision = read(offer, "decision")
    enabled = bool(decision) if decision is not None else bool(read(offer, "enabled", True))
    reason = read(decision, "message", "") if decision is not None else read(offer, "reason", "")
    given: Mapping[str, Any] = offer if isinstance(offer, dict) else {}
    return {
        "code": read(action, "code", ""),
        "label": read(action, "label", ""),
        "icon": read(action, "icon", ""),
        "tone": read(action, "tone", "default"),
        "url": read(offer, "url", ""),
        "enabled": enabled,
        "reason": reason,
        "primary": given.get("primary", False) and enabled,
        "method": given.get("method", "get"),
        "dialog": given.get("dialog", ""),
        "confirm": given.get("confirm", ""),
        "key": given.get("key", ""),
        "on_behalf_of": read(offer, "on_behalf_of"),
    }
