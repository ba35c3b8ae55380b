"""Phone numbers as bank people write them (domain section 6)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.phones import PhoneField, normalise
from workflow.phones import mask_phone


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+86-138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("024-22851234", "024-22851234"),
        ("02422851234", "024-22851234"),
        ("(024)22851234", "024-22851234"),
        ("0411-8765432", "0411-8765432"),
        ("04118765432", "0411-8765432"),
        ("０２４－２２８５１２３４", "024-22851234"),
        ("024 2285 1234", "024-22851234"),
        ("02422851234-8012", "024-22851234-8012"),
        ("024-22851234转8012", "024-22851234-8012"),
        ("024-22851234 分机 8012", "024-22851234-8012"),
        ("024-22851234-8012", "024-22851234-8012"),
        ("０２４－２２８５１２３４转８０１２", "024-22851234-8012"),
        ("02422851234 转 8012", "024-22851234-8012"),
        ("400-810-1234", "4008101234"),
        ("4008101234", "4008101234"),
        ("95588", "95588"),
        ("９５５８８", "95588"),
        ("801", "801"),
        ("8012", "8012"),
        ("80123", "80123"),
        ("-8012", "8012"),
        ("分机8012", "8012"),
        ("123456", "123456"),
    ],
)
def test_what_people_type_comes_into_one_form(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "12345678901",
        "12",
        "1234567",
        "22851234",
        "无",
        "",
        "1380013800a",
        "13800138",
        "٣٨٠٠",
        "138001380001",
        "024-123456",
        "024-228512345",
        "400-810-123",
        "024转8012",
        "-",
        "转",
        "13800138000,13900139000",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=f"^{typed}$"):
        normalise(typed)


def test_a_field_cleans_to_the_one_form_and_says_what_is_wrong() -> None:
    assert PhoneField().clean("０２４-22851234转8012") == "024-22851234-8012"
    assert PhoneField(required=False).clean("") == ""
    with pytest.raises(ValidationError) as wrong:
        PhoneField().clean("12345678901")
    assert wrong.value.code == "phone"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800138000", "138****8000"),
        ("024-22851234-8012", "024-****1234-8012"),
        ("8012", "8012"),
        ("95588", "95588"),
    ],
)
def test_lists_hide_the_middle(number: str, shown: str) -> None:
    assert mask_phone(normalise(number)) == shown
