"""Signed links by which one person takes one page without signing in.

A link is bound to the person and to the present round of the page, and is good for a day.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from accounts.models import User
from oncall.models import Page

SALT = "oncall.page-link"
GOOD_FOR_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Opened:
    """What a link leads to. ``is_current``: the page has not begun anew since it was sent."""

    page: Page
    person: User
    is_current: bool


def address(page: Page, person: User) -> str:
    """Path of the link for a person."""
    return reverse("oncall:link", args=[token(page, person)])


def token(page: Page, person: User) -> str:
    """What the link carries."""
    return signing.dumps([page.pk, person.pk, len(page.starts)], salt=SALT)


def open_link(given: str) -> Opened | None:
    """The page and the person of a link; None when it is forged or too old, or nobody's any more.

    The person must still be active, and the same telephone must not have gone to somebody else:
    turning an account off ends its links.
    """
    try:
        page_pk, person_pk, round_ = signing.loads(given, salt=SALT, max_age=GOOD_FOR_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    page = Page.objects.select_related("acknowledged_by").filter(pk=page_pk).first()
    person = User.objects.active().filter(pk=person_pk).first()
    if page is None or person is None:
        return None
    return Opened(page, person, len(page.starts) == round_)
