"""Forms with files: the limits are said beside the field, a script learns the next page (I06)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.tickets.journey import Journey
from tickets.models import Attachment, Defect

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BY_SCRIPT = {"Upload-Progress": "1"}


def _posted(journey: Journey, **changes: Any) -> dict[str, Any]:
    return {
        "title": "商户交易查询超时", "managed_object": journey.cast.system.pk, "urgency": "S3",
        "phenomenon": "查询三个月以上的交易时超时", "contact_phone": "8012",
        "files": [SimpleUploadedFile("a.txt", b"log")], **changes,
    }  # fmt: skip


def test_a_script_is_told_the_next_page_and_the_message_waits_there(
    journey: Journey, signed_in: SignIn
) -> None:
    client = signed_in(journey.cast.reporter)
    plain = client.post("/defects/new/", _posted(journey))
    assert plain.status_code == 302
    assert "Upload-Next" not in plain.headers
    client.get(plain.headers["Location"])

    told = client.post("/defects/new/", _posted(journey), headers=BY_SCRIPT)
    newest = Defect.objects.latest("pk")
    assert (told.status_code, told.content) == (200, b"")
    assert "Location" not in told.headers
    assert newest.key in told.headers["Upload-Next"]
    assert client.get(told.headers["Upload-Next"]).status_code == 200
    assert Attachment.objects.count() == 2


def test_a_refused_form_comes_back_to_the_script_as_it_does_to_a_browser(
    journey: Journey, signed_in: SignIn
) -> None:
    client = signed_in(journey.cast.reporter)
    bad = _posted(journey, files=[SimpleUploadedFile("a.exe", b"MZ")])
    told = client.post("/defects/new/", bad, headers=BY_SCRIPT)
    assert told.status_code == 422
    assert "Upload-Next" not in told.headers
    assert "files" in told.context["form"].errors
    assert 'id="main"' in told.content.decode()


def test_who_is_signed_out_is_sent_to_sign_in(client: Client, journey: Journey) -> None:
    plain = client.post("/defects/new/", _posted(journey))
    told = client.post("/defects/new/", _posted(journey), headers=BY_SCRIPT)
    assert (plain.status_code, told.status_code) == (302, 200)
    assert told.headers["Upload-Next"] == plain.headers["Location"] == "/login/?expired=1"
    assert not Defect.objects.exists()


def test_the_limits_stand_beside_the_field(
    journey: Journey, signed_in: SignIn, settings: Any
) -> None:
    settings.ATTACHMENT_MAX_COUNT = 7
    settings.ATTACHMENT_MAX_BYTES = 3 * 1024 * 1024
    settings.ATTACHMENT_MAX_TOTAL_BYTES = 12 * 1024 * 1024
    page = signed_in(journey.cast.reporter).get("/defects/new/")
    text = page.content.decode().replace("\xa0", " ")
    assert "最多 7 个附件,单个不超过 3.0 MB,合计不超过 12.0 MB" in text.replace("，", ",")
    assert "desk/upload.js" in text
