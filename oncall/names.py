"""Names as planners type them, and the people they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import DESK_ROLES

_APART = re.compile(r"[,,、;;\n→>]+")


def desk_people() -> list[User]:
    """Everybody who can be on call, in the order of their names."""
    return list(User.objects.holding(*DESK_ROLES))


def person_named(text: str, people: Sequence[User]) -> User:
    """The one of ``people`` with this name or log-in name; ``ValidationError`` otherwise."""
    wanted = text.strip()
    found = [person for person in people if wanted in (person.name, person.username)]
    if len(found) == 1:
        return found[0]
    if not found:
        words = _("Nobody of the service desk is called “%(name)s”.") % {"name": wanted}
        raise forms.ValidationError(words)
    logins = ", ".join(person.username for person in found)
    words = _("Several people are called “%(name)s”; please type the log-in name: %(logins)s.")
    raise forms.ValidationError(words % {"name": wanted, "logins": logins})


class PeopleInOrder(forms.CharField):
    """Names in the order of their turns, between commas or on lines; becomes primary keys."""

    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=1500, **kwargs)
        self.people: Sequence[User] = ()

    def clean(self, value: Any) -> tuple[int, ...]:
        """The people of the text, in order."""
        text = super().clean(value)
        names = [part for part in _APART.split(text) if part.strip()]
        return tuple(person_named(name, self.people).pk for name in names)


def in_order(keys: Sequence[int], people: Sequence[User]) -> str:
    """The text for these primary keys; a log-in name where the name is not enough."""
    by_key = {person.pk: person for person in people}
    names = [person.name for person in people]
    return "、".join(
        by_key[key].name if names.count(by_key[key].name) == 1 else by_key[key].username
        for key in keys
        if key in by_key
    )
