"""How every form of the product is rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django.forms
from django.conf import settings
from django.forms import BoundField, CheckboxInput, HiddenInput, Select, Widget
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect
from django.template.backends.django import DjangoTemplates as Backend
from django.utils.functional import cached_property
from django.utils.safestring import SafeString


class DeskBoundField(BoundField):
    """Gives every control the classes of the design system."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        """Add the control's class; Django adds aria-describedby and aria-invalid."""
        widget = widget or self.field.widget
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        css = _control_class(widget)
        given = widget.attrs.get("class", "")
        if self.errors and css:
            css += " is-invalid"
        if css:
            built["class"] = f"{css} {given}".strip()
        return built

    def label_tag(
        self,
        contents: str | None = None,
        attrs: dict[str, Any] | None = None,
        label_suffix: str | None = None,
        tag: str | None = None,
    ) -> SafeString:
        """The label without Django's colon."""
        return super().label_tag(contents, attrs, label_suffix or "", tag)

    def css_classes(self, extra_classes: Any = None) -> str:
        """Classes of the field's block."""
        names = ["field"]
        if self.field.required:
            names.append("field-required")
        if self.errors:
            names.append("field-wrong")
        if isinstance(self.field.widget, django.forms.Textarea):
            names.append("field-wide")
        return f"{' '.join(names)} {super().css_classes(extra_classes)}".strip()

    @property
    def is_checkbox(self) -> bool:
        """One box with its label on the right."""
        return isinstance(self.field.widget, CheckboxInput)


class DeskFormRenderer(DjangoTemplates):
    """Django's form templates, with ours in ``templates/django/forms`` before them."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = DeskBoundField

    @cached_property
    def engine(self) -> Backend:
        """An engine that looks into the project's templates first."""
        builtin = Path(django.forms.__file__).parent / "templates"
        return Backend(
            {
                "APP_DIRS": True,
                "DIRS": [settings.BASE_DIR / "templates", builtin],
                "NAME": "deskforms",
                "OPTIONS": {"builtins": ["workflow.templatetags.desk"]},
            }
        )


def _control_class(widget: Widget) -> str:
    if isinstance(widget, HiddenInput):
        return ""
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control"
