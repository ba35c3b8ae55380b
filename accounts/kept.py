"""Words written before a log-in expired: kept in the session and given back (nothing is lost)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

KEY = "kept_post"
LIMIT = 200_000  # characters
LONG = 8
# A field of the form that sends kept words again.
SENT_AGAIN = "_kept"
_NEVER = {"csrfmiddlewaretoken", "version"}


@dataclass(frozen=True)
class KeptPost:
    """A POST that could not be taken: where it went and its fields."""

    path: str
    fields: list[tuple[str, str]]
    file_names: list[str]

    @property
    def texts(self) -> list[str]:
        """What is worth reading: the longer texts."""
        return [text for _name, text in self.fields if len(text) >= LONG]


def keep(request: HttpRequest) -> bool:
    """Keep what was posted; passwords never. Returns whether there was anything to keep."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if name not in _NEVER and not name.startswith("_") and "password" not in name.lower()
        for value in values
    ]
    if not fields or sum(len(value) for _name, value in fields) > LIMIT:
        return False
    request.session[KEY] = {
        "path": request.get_full_path(),
        "fields": fields,
        "files": [str(file.name) for _name, files in request.FILES.lists() for file in files],
        "person": getattr(request, "expired_person", None),
    }
    return True


def peek(request: HttpRequest) -> KeptPost | None:
    """What is kept for this browser; nothing when somebody else has signed in since."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    if not kept:
        return None
    if request.user.is_authenticated and kept.get("person") not in (None, request.user.pk):
        drop(request)
        return None
    fields = [(name, text) for name, text in kept["fields"]]
    return KeptPost(kept["path"], fields, kept["files"] or [])


def drop(request: HttpRequest) -> None:
    """Forget it."""
    request.session.pop(KEY, None)
