"""A Django form as the input of an API operation: documented and filled from JSON.

The form stays the only definition: the serializer made here describes it in OpenAPI, and the JSON
body is handed to the form itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError

# A list of people or objects is cut off here; the client asks for the rest elsewhere.
MOST_CHOICES = 500
# The first class that fits wins, so the special ones come first.
_KINDS: list[tuple[type[forms.Field], type[serializers.Field[Any, Any, Any, Any]]]] = [
    (forms.ModelMultipleChoiceField, serializers.ListField),
    (forms.ModelChoiceField, serializers.CharField),
    (forms.MultipleChoiceField, serializers.MultipleChoiceField),
    (forms.ChoiceField, serializers.ChoiceField),
    (forms.FileField, serializers.FileField),
    (forms.BooleanField, serializers.BooleanField),
    (forms.DateTimeField, serializers.DateTimeField),
    (forms.DateField, serializers.DateField),
    (forms.TimeField, serializers.TimeField),
    (forms.UUIDField, serializers.UUIDField),
    (forms.EmailField, serializers.EmailField),
    (forms.FloatField, serializers.FloatField),
    (forms.DecimalField, serializers.CharField),
    (forms.IntegerField, serializers.IntegerField),
]


def serializer_from_form(form_class: type[Any], name: str = "") -> Any:
    """A serializer class that says in OpenAPI what ``form_class`` takes."""
    fields = {each: _field(field) for each, field in form_class.base_fields.items()}
    return type(
        f"{name or form_class.__name__}Serializer",
        (serializers.Serializer,),
        {**fields, "__module__": form_class.__module__},
    )


def form_data(body: Any, form_class: type[Any]) -> QueryDict:
    """The JSON body (or a posted form) as a form's data.

    Numbers, dates and truth values become the text a browser would send; null and absent are the
    same. Raises ``ParseError`` when the body is no object, ``ValidationError`` for names the form
    doesn't have.
    """
    if isinstance(body, QueryDict):
        return body
    if not isinstance(body, Mapping):
        raise ParseError
    if unknown := set(body) - set(form_class.base_fields):
        raise ValidationError({name: [_("There is no such field.")] for name in sorted(unknown)})
    data = QueryDict(mutable=True)
    for name, value in body.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, list | dict) for each in values):
            raise ValidationError({name: [_("A text, a number or a list of them, please.")]})
        data.setlist(name, [_text(each) for each in values if each is not None])
        if not data.getlist(name):
            del data[name]
    return data


def invalid(form: forms.BaseForm) -> ValidationError:
    """The form's errors, for the envelope."""
    return ValidationError(
        {name: [str(each) for each in errors] for name, errors in form.errors.items()}
    )


def describe(form: forms.Form) -> list[dict[str, Any]]:
    """The fields of a form made for one record, with the choices and initial values it gives."""
    return [
        {
            "name": name,
            "label": str(field.label or name),
            "help": str(field.help_text),
            "required": field.required,
            "initial": _plain(form.get_initial_for_field(field, name)),
            "choices": [
                {"value": str(value), "label": str(label)}
                for value, label in _choices(field)[:MOST_CHOICES]
            ]
            if hasattr(field, "choices")
            else None,
        }
        for name, field in form.fields.items()
    ]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.pk if isinstance(value, Model) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "True" if value else "False"
    return str(value)


def _field(field: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    kind: type[serializers.Field[Any, Any, Any, Any]] = next(
        (ours for theirs, ours in _KINDS if isinstance(field, theirs)), serializers.CharField
    )
    more: dict[str, Any] = {"required": field.required, "label": field.label}
    more["help_text"] = field.help_text or None
    if isinstance(field, forms.ModelMultipleChoiceField):
        more["child"] = serializers.CharField()
    elif issubclass(kind, serializers.ChoiceField):
        # Choices made for one record are not known here: the form checks them.
        choices = [] if callable(getattr(field, "_choices", None)) else _choices(field)
        if not choices:
            kind = serializers.CharField
        else:
            more["choices"] = choices
    if kind is serializers.CharField:
        more["max_length"] = getattr(field, "max_length", None)
        more["allow_blank"] = not field.required
    return kind(**more)


def _choices(field: forms.Field) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for value, label in getattr(field, "choices", []):
        flat += list(label) if isinstance(label, list | tuple) else [(value, label)]
    return [(value, label) for value, label in flat if value not in ("", None)]
