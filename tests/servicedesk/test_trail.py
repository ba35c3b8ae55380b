"""The audit trail is read by the auditor alone, and its proof is itself in it (I03)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from accounts.actors import SETUP
from accounts.models import User
from audit import protection
from audit import services as audit
from audit.models import Event

SignedIn = Callable[[User], Client]


def _note(person: User, count: int = 1, **more: str) -> None:
    for _ in range(count):
        with audit.unit_of_work():
            audit.record(
                actor=SETUP, action=more.get("action", "defect.accept"),
                target=person, label=more.get("label", "QX-20261123-0001"),
                outcome=more.get("outcome", "done"),
            )  # fmt: skip


def _rows(client: Client, query: str = "") -> list[int]:
    return [row["event"].seq for row in client.get(f"/audit/?{query}").context["rows"]]


def test_filters(signed_in: SignedIn, auditor: User) -> None:
    """Record, person, act, outcome, days."""
    _note(auditor, label="QX-20261123-0007")
    _note(auditor, label="GZ-20261123-0001", action="incident.report", outcome="refused")
    client = signed_in(auditor)
    newest = max(_rows(client))
    assert _rows(client, "record=0007") == [newest - 1]
    assert _rows(client, "action=incident.report") == [newest]
    assert _rows(client, "outcome=refused") == [newest]
    assert _rows(client, "actor=nobody") == []
    assert _rows(client, "since=2099-01-01") == []
    assert len(_rows(client, "until=2099-01-01")) == newest
    assert _rows(client, "since=2026-11-02&until=2026-11-01") == []
    assert _rows(client, "action=nonsense") == []


def test_pages_by_key(signed_in: SignedIn, auditor: User) -> None:
    """Forwards and back again, every row once, none twice while rows come in."""
    _note(auditor, 120)
    client = signed_in(auditor)
    seen, cursor = [], ""
    for _ in range(3):
        context = client.get(f"/audit/?after={cursor}" if cursor else "/audit/").context
        seen += [row["event"].seq for row in context["rows"]]
        cursor = context["page"].next
        _note(auditor)
    assert seen == list(range(max(seen), max(seen) - len(seen), -1))
    assert seen[-1] == 1
    assert cursor == ""
    back = client.get(f"/audit/?before={seen[-1]}").context
    assert [row["event"].seq for row in back["rows"]] == list(range(51, 1, -1))
    assert client.get("/audit/?after=x").status_code == 200


def test_verify_on_demand(signed_in: SignedIn, auditor: User) -> None:
    """The result is shown, and is an event."""
    client = signed_in(auditor)
    assert client.get("/audit/").context["verified"] is None
    assert client.post("/audit/verify/").status_code == 302
    verified = client.get("/audit/").context["verified"]
    assert verified.data["intact"] is True
    assert verified.actor_key == auditor.audit_key


def test_broken_chain_is_named(signed_in: SignedIn, auditor: User) -> None:
    """A row changed behind the product's back."""
    _note(auditor, 3)
    broken = Event.objects.order_by("seq")[1]
    protection.remove(connection)
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE audit_event SET target_label = 'x' WHERE seq = %s", [broken.seq])
    finally:
        protection.install(connection)
    client = signed_in(auditor)
    page = client.post("/audit/verify/", follow=True)
    assert page.context["verified"].data == {"intact": False, "broken_seq": broken.seq}
    assert str(broken.seq) in page.content.decode()


def test_no_codes_for_known_acts(signed_in: SignedIn, auditor: User) -> None:
    """People read names."""
    _note(auditor, action="defect.accept")
    assert (
        "defect.accept"
        not in signed_in(auditor).get("/audit/?q=1").content.decode().split("<tbody>")[1]
    )


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_nothing_is_changed_here(signed_in: SignedIn, auditor: User, method: str) -> None:
    """There is no such address."""
    assert getattr(signed_in(auditor), method)("/audit/").status_code == 405
