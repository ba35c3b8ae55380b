"""Warnings that do not stop anybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from workflow.cards import has_card_number


def warn_of_cards(request: HttpRequest) -> None:
    """A sentence when a posted text looks like it holds a card number (I12)."""
    if any(has_card_number(value) for values in request.POST.lists() for value in values[1]):
        messages.warning(
            request,
            _("This looks like a full card number. Card numbers must not be stored: remove it."),
        )
