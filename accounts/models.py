"""Organisations, people and the roles they hold."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import role_use
from accounts.pinyin import fold, search_index, sort_key
from accounts.roles import ADMIN_ROLES, DESK_ROLES, Role


class Organisation(models.Model):
    """A unit of the bank, of the operations company, or the superior department."""

    class Kind(models.TextChoices):
        BANK = "bank", _("Bank")
        BANK_UNIT = "bank_unit", _("Bank unit")
        OPERATOR = "operator", _("Operations company")
        SUPERIOR = "superior", _("Superior department")

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("part of"), null=True, blank=True
    )
    # Ids from the root to this row, "/1/4/9/": a whole branch is one prefix match.
    path = models.CharField(max_length=120, editable=False, db_index=True)
    search = models.TextField(editable=False, default="")
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["bank", "bank_unit", "operator", "superior"]),
                name="accounts_organisation_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Name in the reader's language."""
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search text and the path in step with the name and the parent."""
        self.search = search_index(self.name, self.name_en)
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            self.path = path
            super().save(update_fields=["path"])


class UserQuerySet(models.QuerySet["User"]):
    """People, as others may look for them."""

    def active(self) -> UserQuerySet:
        """Accounts that may sign in."""
        return self.filter(is_active=True)

    def holding(self, *roles: str) -> UserQuerySet:
        """Active people with any of ``roles``."""
        return self.active().filter(grants__role__in=roles).distinct()

    def matching(self, text: str) -> UserQuerySet:
        """People by part of a phone number, name, pinyin, staff number or unit."""
        found = self
        for word in text.split():
            folded = fold(word)
            found = found.filter(
                Q(search__contains=folded)
                | Q(phone__contains=folded)
                | Q(organisation__search__contains=folded)
            )
        return found


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates accounts."""

    def create_user(self, username: str, *, password: str | None = None, **fields: Any) -> User:
        """Create an account; without a password nobody can sign in to it."""
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Account by user name, upper and lower case alike."""
        user: User = self.get(username__iexact=username or "")
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person's account. Two accounts with one staff number are the same human (four-eyes)."""

    username = models.CharField(_("user name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    staff_no = models.CharField(_("staff number"), max_length=20, db_index=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="people"
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[("zh-hans", _("Chinese")), ("en", _("English"))],
        default="zh-hans",
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("created at"), auto_now_add=True)
    search = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=120, editable=False, default="")

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "staff_no"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_key", "pk"]

    audit_kind = "person"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search text in step with the name and the numbers."""
        self.search = search_index(self.name) + " " + fold(f"{self.staff_no} {self.username}")
        self.sort_key = sort_key(self.name)
        fields = kwargs.get("update_fields")
        if fields is not None and {"name", "staff_no", "username"} & set(fields):
            kwargs["update_fields"] = {*fields, "search", "sort_key"}
        super().save(*args, **kwargs)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Codes of the roles held, read once per request."""
        return frozenset(self.grants.values_list("role", flat=True))

    def has_role(self, *roles: str) -> bool:
        """True when any of ``roles`` is held. Being a superuser counts for nothing.

        The first of ``roles`` that is held counts as the role used (``accounts.role_use``).
        """
        held = next((role for role in roles if role in self.roles), None)
        if held is not None:
            role_use.note(self.pk, str(held))
        return held is not None

    @property
    def is_desk(self) -> bool:
        """One of the service provider's own people."""
        return not self.roles.isdisjoint(DESK_ROLES)

    @property
    def is_admin(self) -> bool:
        """Holder of one of the three administrator roles."""
        return not self.roles.isdisjoint(ADMIN_ROLES)

    @property
    def role_labels(self) -> list[str]:
        """Names of the roles held, in the order of their list."""
        return [str(role.label) for role in Role if role.value in self.roles]

    @property
    def audit_key(self) -> str:
        """Stable key in the audit trail."""
        return f"user:{self.pk}"

    @property
    def audit_name(self) -> str:
        """Name as the trail keeps it."""
        return f"{self.name} ({self.staff_no})"


class RoleGrant(models.Model):
    """A role held by a person; given and taken by the services only."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="accounts_role_once"),
            models.CheckConstraint(
                condition=Q(role__in=list(Role.values)), name="accounts_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"
