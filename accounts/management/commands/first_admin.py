"""``manage.py first_admin``: the first holder of an administrator role; there is no default one."""

from __future__ import annotations

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actors import SETUP
from accounts.models import Organisation, User
from accounts.roles import ADMIN_ROLES, Role
from accounts.services import create_person


class Command(BaseCommand):
    """Asks for what is not given; the password comes from the prompt or the environment."""

    help = (
        "Creates the first system, security or audit administrator. Run it once for each role. "
        "The password is asked for, or read from FIRST_ADMIN_PASSWORD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Everything can be given, except the password."""
        parser.add_argument("--role", choices=sorted(ADMIN_ROLES), default=Role.SYSADMIN.value)
        parser.add_argument("--username")
        parser.add_argument("--name")
        parser.add_argument("--staff-no")
        parser.add_argument("--organisation", help="The operations company's name.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse when the role is held already."""
        role = options["role"]
        if User.objects.filter(grants__role=role).exists():
            raise CommandError(f"Somebody holds the role {role} already: use the pages.")
        asked = {
            "username": options["username"] or input("User name: "),
            "name": options["name"] or input("Name (surname first): "),
            "staff_no": options["staff_no"] or input("Staff number: "),
        }
        if not all(value.strip() for value in asked.values()):
            raise CommandError("User name, name and staff number are all needed.")
        if User.objects.filter(username__iexact=asked["username"]).exists():
            raise CommandError("That user name has been given out already.")
        password = _password(User(**asked))
        person = create_person(
            actor=SETUP,
            organisation=_organisation(options["organisation"]),
            roles=[role],
            password=password,
            **asked,
        )
        self.stdout.write(f"{person.audit_name} is now {Role(role).value}.")


def _password(person: User) -> str:
    password = os.environ.get("FIRST_ADMIN_PASSWORD") or getpass.getpass("Password: ")
    try:
        validate_password(password, person)
    except ValidationError as failure:
        raise CommandError(" ".join(failure.messages)) from failure
    return password


def _organisation(name: str | None) -> Organisation:
    """The named operations company, created when new; else the one there is."""
    companies = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR)
    if name:
        found, _created = Organisation.objects.get_or_create(
            name=name, defaults={"kind": Organisation.Kind.OPERATOR}
        )
        return found
    company = companies.order_by("pk").first()
    if company is None:
        raise CommandError("No operations company yet: give its name with --organisation.")
    return company
