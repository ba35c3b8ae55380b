"""What regulations ask of the bank, on the same line as our clocks (domain section 4.3)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import ADMIN_ROLES, Role
from workflow.models import ScopedQuerySet


class RegulatorQuerySet(ScopedQuerySet):
    """Everybody who works with incidents may read them."""

    def visible_to_person(self, user: User) -> Self:
        """All, except for administrators of security and audit."""
        blind = ADMIN_ROLES - {Role.SYSADMIN}
        return self.none() if user.has_role(*blind) else self


class RegulatorMilestone(models.Model):
    """A moment after T0 that matters to the bank. Information only: never met, never missed."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    minutes = models.PositiveIntegerField(_("minutes after T0"))
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    basis = models.CharField(_("basis"), max_length=120, blank=True)
    enabled = models.BooleanField(_("shown"), default=True)

    objects: ClassVar[RegulatorQuerySet] = RegulatorQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("regulator's milestone")
        verbose_name_plural = _("regulator's milestones")
        ordering = ["minutes", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1), name="sla_regulator_after_t0"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def label(self) -> str:
        """Name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name
