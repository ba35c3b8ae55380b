"""Organisations, people and the roles they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import role_use
from accounts.pinyin import fold, search_index, sort_key
from accounts.roles import ADMIN_ROLES, BUSINESS_ROLES, DESK_ROLES, Role


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
    # Set only on the copies that ``accounts.acting`` makes: this person in another's place (I15).
    on_behalf_of: User | None = None

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


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Delegations, by when they hold."""

    def effective(self, now: datetime) -> DelegationQuerySet:
        """In force at ``now`` (UTC): begun, neither over nor ended, the giver's account in use."""
        return self.standing(now).filter(starts_at__lte=now)

    def standing(self, now: datetime) -> DelegationQuerySet:
        """In force at ``now`` (UTC) or later."""
        return self.filter(ended_at=None, ends_at__gt=now, giver__is_active=True)

    def of(self, people: Iterable[User]) -> DelegationQuerySet:
        """Given or received by any of ``people``."""
        these = list(people)
        return self.filter(Q(giver__in=these) | Q(receiver__in=these))


class DelegationManager(models.Manager.from_queryset(DelegationQuerySet)):  # type: ignore[misc]
    """Delegations."""

    def effective(self, now: datetime) -> DelegationQuerySet:
        """In force at ``now`` (UTC)."""
        found: DelegationQuerySet = self.get_queryset().effective(now)
        return found

    def standing_of(self, person: User, now: datetime) -> DelegationQuerySet:
        """In force at ``now`` (UTC) or later, given or received by ``person``."""
        found: DelegationQuerySet = self.get_queryset().standing(now).of([person])
        return found.select_related("giver", "receiver")

    def effective_between(
        self, starts_at: datetime, ends_at: datetime, now: datetime
    ) -> DelegationQuerySet:
        """In force at some moment from ``starts_at`` to before ``ends_at``; all UTC."""
        found: DelegationQuerySet = self.get_queryset().standing(now)
        return found.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Delegation(models.Model):
    """Somebody acts in another's place for a while (代签/代办, I15). Never changed, only ended.

    ``starts_at`` belongs to the window, ``ends_at`` does not (both UTC). ``role`` is one role, or
    empty for every business role that the giver holds at the moment of the act.
    """

    giver = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("given by"), related_name="delegations_given"
    )
    receiver = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("given to"), related_name="delegations_received"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("made by"), related_name="+")
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("ended by"), null=True, related_name="+"
    )
    end_reason = models.TextField(_("reason of the end"), blank=True)

    objects: ClassVar[DelegationManager] = DelegationManager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="accounts_delegation_window"
            ),
            models.CheckConstraint(
                condition=~Q(giver=models.F("receiver")), name="accounts_delegation_two_people"
            ),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=BUSINESS_ROLES),
                name="accounts_delegation_role",
            ),
        ]
        indexes = [
            models.Index(fields=["receiver", "ends_at"], name="accounts_deleg_receiver"),
            models.Index(fields=["giver", "ends_at"], name="accounts_deleg_giver"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}"

    @property
    def role_label(self) -> str:
        """The role, or the word for all of them."""
        return str(Role(self.role).label) if self.role else str(_("All business roles"))

    def roles(self) -> frozenset[str]:
        """The giver's own roles that this passes on today: never one that was passed to him."""
        held = self.giver.roles & frozenset(BUSINESS_ROLES)
        return held & {self.role} if self.role else held

    def state(self, now: datetime) -> str:
        """``coming``, ``effective``, ``over`` or ``ended`` at ``now`` (UTC)."""
        if self.ended_at is not None:
            return "ended"
        if now < self.starts_at:
            return "coming"
        return "effective" if now < self.ends_at else "over"


class DelegatedAct(models.Model):
    """One act done in another's place: the giver reads it later, and four-eyes counts both."""

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="acts")
    action = models.CharField(_("act"), max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    target_label = models.CharField(_("record"), max_length=120)
    done_at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("delegated act")
        verbose_name_plural = _("delegated acts")
        ordering = ["-done_at", "-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="accounts_delegated")]

    def __str__(self) -> str:
        return f"{self.target_label} {self.action}"
