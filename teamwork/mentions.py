"""People named with @ in a text."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import DESK_ROLES
from workflow.errors import InvalidInput

MOST = 8
# “@” at the beginning of a word, then a name, then perhaps the staff number in brackets.
_NAMED = re.compile(r"(?<![\w.])@([^\s@()()，。,;；:：、]{1,40})(?:[((]([\w-]{1,20})[))])?")


def people_named(text: str) -> list[User]:
    """Colleagues named in ``text`` as @张伟 or @张伟(T003); at most one row for each.

    Raises ``InvalidInput`` when a name is nobody's, or several people's and no number says whose.
    """
    found: dict[int, User] = {}
    for name, staff_no in _NAMED.findall(text):
        people = User.objects.active().filter(name=name)
        if staff_no:
            people = people.filter(staff_no=staff_no)
        some = list(people[:2])
        if not some:
            raise InvalidInput({"opinion": _("Nobody is called %(name)s.") % {"name": name}})
        if len(some) > 1:
            several = _("Several people are called %(name)s: add the staff number, @name(number).")
            raise InvalidInput({"opinion": several % {"name": name}})
        found[some[0].pk] = some[0]
    return list(found.values())


def suggestions(begun: str) -> list[User]:
    """Colleagues whose name, pinyin or staff number holds ``begun``; a handful."""
    people = User.objects.matching(begun).active().filter(grants__role__in=DESK_ROLES)
    return list(people.distinct().order_by("sort_key", "pk")[:MOST])
