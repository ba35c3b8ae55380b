"""Fields that the forms of this room share."""

from __future__ import annotations

from typing import Any

from django import forms


def day(**kwargs: Any) -> forms.DateField:
    """A day, chosen from the browser's calendar."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **kwargs)
