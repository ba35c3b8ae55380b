"""What other rooms do when a page is acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from oncall.models import Page

Handler = Callable[["Page", "User", datetime], None]

_handlers: dict[str, list[Handler]] = {}


def on_acknowledged(prefix: str, handler: Handler) -> None:
    """Call ``handler(page, person, now)`` when a page whose key starts with ``prefix:`` is taken.

    It runs inside the acknowledging transaction and before the page itself is locked: records are
    locked before pages everywhere. It may refuse by raising ``workflow.errors.NotAllowed``; then
    nobody has acknowledged anything and the page goes on calling.
    """
    registered = _handlers.setdefault(prefix, [])
    if handler not in registered:
        registered.append(handler)


def tell(page: Page, person: User, now: datetime) -> None:
    """Run every handler of the page's prefix, in the order they were registered."""
    for handler in tuple(_handlers.get(page.key.partition(":")[0], ())):
        handler(page, person, now)
