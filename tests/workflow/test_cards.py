"""Card numbers are noticed in any spelling, asked about before saving, and masked (I12)."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from workflow.cards import has_card_number, mask_cards
from workflow.files.controls import FilesField
from workflow.forms import CardAwareForm

CARD = "6222021234567890128"
ROOMS = (
    "accounts", "audit", "calendars", "hotline", "incidents", "notifications", "oncall",
    "operations", "readiness", "reports", "servicedesk", "sla", "teamwork", "tickets",
)  # fmt: skip
NOT_KEPT = {
    "ConsultationFilter", "ContactFilter", "DefectFilter", "IncidentFilter", "KnowledgeFilter",
    "LayerForm", "ListFilter", "NewPersonForm", "ReportFilter", "SampleForm", "TrailFilter",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"卡号{CARD}有问题", True), ("6222 0212 3456 7890 128", True),
        ("４１１１１１１１１１１１１１１１", True), ("4111-1111-1111-1111", True),
        ("4111–1111–1111–1111", True), ("4111　1111　1111　1111", True),
        ("４１１１－１１１１－１１１１－１１１１", True), ("4111.1111.1111.1111", True),
        ("单号12 4111111111111111", True), ("13800138000 4111111111111111", True),
        ("4111111111111111 13800138000", True), ("378282246310005", True), ("4222222222222", True),
        ("4111111111111112", False), ("13800138000", False), ("QX-20261123-0001", False),
        ("0000000000000000", False), ("商户号 898210153110001", False),
        ("024-22851234-8012", False), ("2026-11-23 09:05", False), ("411111111111111111111", False),
        ("abc4111111111111111", False), ("4111111111111111abc", False), ("", False),
    ],
)  # fmt: skip
def test_card_numbers_are_noticed(text: str, found: bool) -> None:
    assert has_card_number(text) is found


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"卡号{CARD}查询失败", "卡号622202****0128查询失败"),
        ("４１１１ １１１１ １１１１ １１１１。", "411111****1111。"),
        (f"{CARD}、4111111111111111", "622202****0128、411111****1111"),
        ("电话 024-22851234", "电话 024-22851234"),
    ],
)
def test_they_are_masked_and_nothing_else(text: str, masked: str) -> None:
    assert mask_cards(text) == masked


class Note(CardAwareForm):
    """A form with a text, a password and files."""

    text = forms.CharField(required=False)
    password = forms.CharField(required=False, widget=forms.PasswordInput)
    files = FilesField()  # type: ignore[assignment]


def _note(data: dict[str, Any], *names: str) -> Note:
    files = [SimpleUploadedFile(name, b"text") for name in names]
    return Note(data, MultiValueDict({"files": files}))


def test_a_form_asks_first_and_takes_yes_for_an_answer() -> None:
    """The person says it is none: then it is taken, and services never see the tick."""
    asked = _note({"text": f"卡号 {CARD}"})
    assert asked.has_error(NON_FIELD_ERRORS, "card_number")
    assert 'type="checkbox"' in str(asked["not_a_card"])
    told = _note({"text": f"流水号 {CARD}", "not_a_card": "on"})
    assert told.is_valid()
    assert set(told.cleaned_data) == {"text", "password", "files"}


def test_without_one_nothing_is_asked() -> None:
    quiet = _note({"text": "查询三个月以上的交易时超时"})
    assert quiet.is_valid()
    assert 'type="hidden"' in str(quiet["not_a_card"])


def test_the_name_of_a_file_counts_a_password_does_not() -> None:
    assert not _note({}, f"{CARD}.txt").is_valid()
    assert _note({"not_a_card": "on"}, f"{CARD}.txt").is_valid()
    assert _note({"password": CARD}).is_valid()


def _forms() -> list[type[forms.Form]]:
    for room in ROOMS:
        package = import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if ".migrations" not in found.name:
                import_module(found.name)
    known: set[type[forms.Form]] = set()
    waiting: list[type[forms.Form]] = [forms.Form, CardAwareForm]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each not in known and each.__module__.split(".")[0] in ROOMS:
                known.add(each)
                waiting.append(each)
    return sorted(known, key=lambda each: (each.__module__, each.__qualname__))


def test_every_form_that_takes_free_text_asks() -> None:
    """Only filters and the names of people and of rotations' layers go without."""
    silent = {
        form.__name__
        for form in _forms()
        if not issubclass(form, CardAwareForm)
        and any(
            type(field.widget) in (forms.Textarea, forms.TextInput)
            for field in form.base_fields.values()
        )
    }
    assert silent == NOT_KEPT
