"""A read-only token by which the telephone page goes on ringing after its log-in has ended.

Polling never prolongs a log-in. The token shows that somebody calls, never what about; answering
needs a log-in. It ends after twelve hours, with a new password, and when the account is turned off.
"""

from __future__ import annotations

from django.core import signing

from accounts.models import User

SALT = "oncall.phone-board"
GOOD_FOR_SECONDS = 12 * 3600


def token(person: User) -> str:
    """What the page keeps."""
    return signing.dumps([person.pk, _mark(person)], salt=SALT)


def owner(given: str) -> User | None:
    """Whose telephone it is; None when the token is forged, too old, or ended."""
    try:
        pk, mark = signing.loads(given, salt=SALT, max_age=GOOD_FOR_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.active().filter(pk=pk).first()
    return person if person is not None and _mark(person) == mark else None


def _mark(person: User) -> str:
    """Changes with the password."""
    return person.get_session_auth_hash()[:16]
