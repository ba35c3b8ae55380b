"""Forms of the knowledge base."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from operations.models import ManagedObject
from tickets.forms.controls import model_choice
from tickets.knowledge_search import matching
from tickets.models import KnowledgeArticle
from tickets.models.categories import Category
from tickets.services.knowledge import Wording
from workflow.forms import ActionForm, CardAwareForm, RequiredText

WORDS = ("title", "question", "answer", "keywords", "public")


class WordingFields(CardAwareForm):
    """The texts of one version."""

    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("As a caller would ask it, in one sentence.")
    )
    question = RequiredText(label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}))
    answer = RequiredText(
        label=_("Answer"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("No names, telephone or card numbers of callers."),
    )  # fmt: skip
    keywords = forms.CharField(
        label=_("Keywords"), max_length=120, required=False,
        help_text=_("Other words by which it should be found."),
    )  # fmt: skip
    public = forms.BooleanField(label=_("Bank users may read it"), required=False)

    def wording(self) -> Wording:
        """The cleaned texts as the services take them."""
        return Wording(**{name: self.cleaned_data[name] for name in WORDS})


class ProposeForm(WordingFields):
    """A new article; ``token`` makes a double click one."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    category = forms.ChoiceField(
        label=_("Category"), choices=Category.choices, initial=Category.OTHER
    )
    managed_object: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("System"), required=False, queryset=ManagedObject.objects.none(),
        empty_label=_("No particular one"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        systems = ManagedObject.objects.filter(retired_on=None)
        model_choice(self, "managed_object").queryset = systems


class ReviseForm(WordingFields, ActionForm):
    """The next version, begun from the latest one."""

    def prepare(self) -> None:
        """What the latest version says, declined or not."""
        article = cast(KnowledgeArticle, self.record)
        latest: Any = article.versions.order_by("-version").first() or article
        for name in WORDS:
            self.fields[name].initial = getattr(latest, name)

    def service_arguments(self) -> dict[str, Any]:
        """``wording`` and ``version``."""
        return {"wording": self.wording(), "version": self.cleaned_data["version"]}


class KnowledgeReasonForm(ActionForm):
    """Why it is declined or retired."""

    opinion = RequiredText(label=_("Reason"))


class KnowledgeFilter(forms.Form):
    """Words, category, state."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"data-key": "f"}),
    )  # fmt: skip
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("All")), *Category.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, desk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [each for each in KnowledgeArticle.State.choices if each[0] != "new"]
        cast("forms.ChoiceField", self.fields["state"]).choices = [("", _("All")), *states]
        if not desk:
            del self.fields["state"]

    def narrow(self, rows: QuerySet[KnowledgeArticle]) -> QuerySet[KnowledgeArticle]:
        """The rows that fit; nonsense in the address narrows to nothing."""
        if not self.is_valid():
            return rows.none()
        asked = self.cleaned_data
        if asked["category"]:
            rows = rows.filter(category=asked["category"])
        if asked.get("state"):
            rows = rows.filter(state=asked["state"])
        return matching(rows, asked["q"])


class KnowledgeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The published article an answer was taken from, by its number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Knowledge used"))
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"placeholder": "ZS-…", "autocomplete": "off"})
        )
        super().__init__(queryset=KnowledgeArticle.objects.none(), to_field_name="number", **kwargs)
        self.error_messages["invalid_choice"] = _("There is no published article so numbered.")

    def offer(self, actor: Any) -> None:
        """Published articles that ``actor`` may see."""
        self.queryset = KnowledgeArticle.objects.visible_to(actor).published()
