"""Files: what is taken, under which name, and who may download it (I06, I12)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from notifications.models import Message
from tests.tickets.journey import Journey
from tickets.models import Attachment, Defect
from tickets.services import attachments
from workflow.errors import InvalidInput
from workflow.files.inspection import clean_name, inspect

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00"
    b"\x00\x00IEND\xaeB`\x82"
)


def archive(*names: str) -> bytes:
    """A zip with these entries, the same bytes every time."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as box:
        for name in names:
            # A fixed date: two workers must collect the same tests.
            box.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 9, 5, 0)), "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("报错截图.png", PNG, "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 300, "image/jpeg"),
        ("a.pdf", b"%PDF-1.7\n%abc", "application/pdf"),
        ("日志.log", "查询超时 12:03".encode(), "text/plain"),
        ("a.csv", "商户号,金额\n1,2".encode("gb18030"), "text/plain"),
        ("a.zip", archive("a.txt"), "application/zip"),
        ("a.docx", archive("word/document.xml"), "application/vnd.openxmlformats-officedocument."
         "wordprocessingml.document"),
        ("a.v2.xlsx", archive("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument."
         "spreadsheetml.sheet"),
    ],
)  # fmt: skip
def test_it_takes_what_people_attach(name: str, content: bytes, content_type: str) -> None:
    assert inspect(SimpleUploadedFile(name, content)).content_type == content_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf.exe", b"MZ\x90"), ("a.exe.pdf", b"%PDF-1.7"), ("a.exe", b"MZ\x90"),
        ("a.svg", b"<svg onload=alert(1)>"), ("a.html", b"<html>"), ("a.png", b"<svg onload=1>"),
        ("a.png", b"MZ\x90\x00" + b"\x00" * 60), ("a.txt", b"<!DOCTYPE html><script>"),
        ("a.txt", b"\xef\xbb\xbf  <html>"), ("a.txt", PNG), ("a.txt", b"ab\x00cd"),
        ("a.csv", b"a<script>alert(1)</script>"), ("a.jpg", PNG), ("a.docx", archive("a.txt")),
        ("a.zip", archive("META-INF/MANIFEST.MF")), ("a.xlsx", archive("xl/workbook.xml",
         "xl/vbaProject.bin")), ("a.zip", b"PK\x03\x04broken"), ("empty.txt", b""),
        ("noending", b"text"), ("a.sh", b"#!/bin/sh"), ("a.log", b"#!/bin/sh\nrm"),
        ("x" * 147 + ".png", PNG), ("中" * 300 + ".png", PNG),
        ("a.gif", b"GIF89a<script>alert(1)</script>"),
        ("a.png", PNG + archive("a.html")), ("a.pdf", b"%PDF-1.7\n" + archive("a.exe")),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF<?php echo 1; ?>"),
        ("a\u202egnp.png", PNG),
    ],
)  # fmt: skip
def test_it_refuses_everything_else(name: str, content: bytes) -> None:
    with pytest.raises(InvalidInput):
        inspect(SimpleUploadedFile(name, content))


@pytest.mark.parametrize("name", ["../a.png", "a/b.png", "..\\a.png", "/etc/a.png", "", "..", "."])
def test_a_name_holds_no_path(name: str) -> None:
    with pytest.raises(InvalidInput):
        clean_name(name)


def test_a_name_of_150_characters_is_kept_composed() -> None:
    name = "e\u0301" * 73 + "abc.png"
    assert clean_name(name) == "é" * 73 + "abc.png"
    assert len(clean_name("中" * 146 + ".png")) == 150


def test_too_large_is_refused(settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 10
    with pytest.raises(InvalidInput):
        inspect(SimpleUploadedFile("a.txt", b"eleven byte"))
    assert inspect(SimpleUploadedFile("a.txt", b"ten bytes!")).content_type == "text/plain"


def test_too_many_are_refused_and_none_is_kept(journey: Journey, settings: Any) -> None:
    settings.ATTACHMENT_MAX_COUNT = 2
    defect = journey.submitted()
    files = [SimpleUploadedFile(f"{n}.txt", b"text") for n in range(3)]
    with pytest.raises(InvalidInput):
        attachments.attach(defect, actor=journey.cast.agent, now=journey.later(), files=files)
    assert not Attachment.objects.exists()
    attachments.attach(defect, actor=journey.cast.agent, now=journey.later(), files=files[:2])
    assert Attachment.objects.count() == 2


def _with_file(
    journey: Journey, *, internal: bool = False, name: str = "报错截图.png"
) -> Attachment:
    attachments.attach(
        journey.submitted(), actor=journey.cast.agent, now=journey.later(), internal=internal,
        files=[SimpleUploadedFile(name, PNG if name.endswith("png") else "日志".encode())],
    )  # fmt: skip
    return Attachment.objects.get()


def test_files_come_with_the_form_and_go_back_safely(journey: Journey, signed_in: SignIn) -> None:
    client = signed_in(journey.cast.reporter)
    client.post(
        "/defects/new/",
        {
            "title": "商户交易查询超时", "managed_object": journey.cast.system.pk, "urgency": "S3",
            "phenomenon": "查询三个月以上的交易时超时", "contact_phone": "8012",
            "files": [SimpleUploadedFile("截图.png", PNG), SimpleUploadedFile("a.txt", b"log")],
        },
    )  # fmt: skip
    picture, text = Attachment.objects.order_by("content_type")
    assert picture.file.name == f"{picture.key.hex[:2]}/{picture.key.hex}"
    shown = client.get(picture.url)
    assert b"".join(shown.streaming_content) == PNG  # type: ignore[attr-defined]
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    saved = client.get(text.url)
    assert saved["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert saved["Content-Type"] == "text/plain"
    b"".join(saved.streaming_content)  # type: ignore[attr-defined]
    page = client.get(Defect.objects.get().get_absolute_url()).content.decode()
    assert picture.url in page


def test_after_an_error_the_chosen_files_are_named(journey: Journey, signed_in: SignIn) -> None:
    """A browser cannot fill in files again: the person is told which ones to choose (I14)."""
    page = signed_in(journey.cast.reporter).post(
        "/defects/new/",
        {
            "title": "",
            "files": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.png", PNG)],
        },
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert ">a.txt</strong>" in text
    assert ">b.png</strong>" in text


def test_the_telephone_is_for_those_who_need_it(
    journey: Journey, signed_in: SignIn, teammate: User
) -> None:
    """The reporter and the desk in full, colleagues masked (I12)."""
    url = journey.submitted().get_absolute_url()
    for person, seen in (
        (journey.cast.reporter, True),
        (journey.cast.agent, True),
        (teammate, False),
    ):
        assert ("024-22851234" in signed_in(person).get(url).content.decode()) is seen


def test_a_bad_file_is_named_beside_its_field(journey: Journey, signed_in: SignIn) -> None:
    answer = signed_in(journey.cast.reporter).post(
        "/defects/new/",
        {
            "title": "商户交易查询超时", "managed_object": journey.cast.system.pk, "urgency": "S3",
            "phenomenon": "查询三个月以上的交易时超时", "contact_phone": "8012",
            "files": [SimpleUploadedFile("a.pdf.exe", b"MZ")],
        },
    )  # fmt: skip
    assert answer.status_code == 422
    assert "a.pdf.exe" in answer.content.decode()
    assert not Defect.objects.exists()


def test_who_may_not_see_the_defect_cannot_download(
    journey: Journey, signed_in: SignIn, outsider: User, monitor: User, teammate: User
) -> None:
    row = _with_file(journey)
    for person in (outsider, monitor, journey.cast.superior):
        assert signed_in(person).get(row.url).status_code == 404
    allowed = signed_in(teammate).get(row.url)
    assert allowed.status_code == 200
    allowed.close()
    assert Client().get(row.url).status_code == 302


def test_internal_files_stay_inside(journey: Journey, signed_in: SignIn) -> None:
    row = _with_file(journey, internal=True)
    reporter = signed_in(journey.cast.reporter)
    assert reporter.get(row.url).status_code == 404
    assert "报错截图" not in reporter.get(row.defect.get_absolute_url()).content.decode()
    desk = signed_in(journey.cast.support)
    assert "报错截图" in desk.get(row.defect.get_absolute_url()).content.decode()


def test_a_lost_file_is_a_404(journey: Journey, signed_in: SignIn) -> None:
    row = _with_file(journey)
    row.file.storage.delete(str(row.file.name))
    assert signed_in(journey.cast.support).get(row.url).status_code == 404


def test_a_bank_user_cannot_hide_files_from_the_bank(journey: Journey, signed_in: SignIn) -> None:
    defect = journey.submitted()
    answer = signed_in(journey.cast.reporter).post(
        f"/defects/{defect.key}/do/attach/",
        {
            "version": defect.row_version,
            "internal": "on",
            "files": SimpleUploadedFile("a.png", PNG),
        },
    )
    assert answer.status_code == 302
    assert Attachment.objects.get().internal is False


def test_all_files_of_a_record_together_are_limited(journey: Journey, settings: Any) -> None:
    settings.ATTACHMENT_MAX_TOTAL_BYTES = 10
    defect = journey.submitted()
    cast = journey.cast
    five = [SimpleUploadedFile("a.txt", b"12345")]
    for _time in range(2):
        attachments.attach(defect, actor=cast.agent, now=journey.later(), files=five)
    with pytest.raises(InvalidInput):
        attachments.attach(
            defect, actor=cast.agent, now=journey.later(), files=[SimpleUploadedFile("b.txt", b"6")]
        )
    assert Attachment.objects.count() == 2


CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize("where", ["text", "name"])
def test_a_card_number_is_asked_about_before_anything_is_saved(
    where: str, journey: Journey, signed_in: SignIn
) -> None:
    """In a text or in the name of a file; the person may say that it is none (I12)."""
    User.objects.update(language="en")
    client = signed_in(User.objects.get(pk=journey.cast.reporter.pk))

    def send(**more: Any) -> Any:
        form = {
            "title": "商户交易查询超时", "managed_object": journey.cast.system.pk, "urgency": "S3",
            "phenomenon": f"流水 {CARD if where == 'text' else ''} 查询失败,无法导出",
            "contact_phone": "8012",
            "files": [SimpleUploadedFile(f"{CARD if where == 'name' else 'a'}.txt", b"log")],
        }  # fmt: skip
        return client.post("/defects/new/", {**form, **more})

    asked = send()
    assert asked.status_code == 422
    text = asked.content.decode()
    assert "looks like a full card number" in text
    assert "This is not a card number" in text
    assert not Defect.objects.exists()
    assert send(not_a_card="on").status_code == 302
    assert Defect.objects.count() == 1


def test_a_card_number_never_travels_in_a_message(journey: Journey) -> None:
    """Confirmed or not: messages and e-mails show it masked (I12)."""
    journey.submitted(title=f"流水{CARD}查询失败")
    told = Message.objects.filter(body__contains="流水")
    assert told.exists()
    assert all(CARD not in each.body and "411111****1111" in each.body for each in told)


def test_the_api_asks_about_card_numbers_too(journey: Journey, signed_in: SignIn) -> None:
    """Texts and names; ``not_a_card`` confirms."""
    client = signed_in(journey.cast.reporter)
    form = {
        "title": "商户交易查询超时", "managed_object": journey.cast.system.pk, "urgency": "S3",
        "phenomenon": f"流水 {CARD} 查询失败", "contact_phone": "8012",
    }  # fmt: skip
    refused = client.post("/api/v1/defects/", form, content_type="application/json")
    assert refused.status_code == 400
    assert not Defect.objects.exists()
    taken = client.post(
        "/api/v1/defects/", {**form, "not_a_card": True}, content_type="application/json"
    )
    assert taken.status_code == 201
    url = f"/api/v1/defects/{taken.json()['number']}/attachments/"
    names = {"files": [SimpleUploadedFile(f"{CARD}.txt", b"log")]}
    assert client.post(url, names).status_code == 400
    assert not Attachment.objects.exists()
    names = {"files": [SimpleUploadedFile(f"{CARD}.txt", b"log")]}
    assert client.post(url, {**names, "not_a_card": "true"}).status_code == 201
