"""``manage.py load_starter_plans AUTHOR``: drafts of the thirteen usual emergency plans."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from readiness import starter
from workflow.errors import NotAllowed


class Command(BaseCommand):
    """Adds only plans whose code is not taken yet."""

    help = "Load drafts of the thirteen usual emergency plans; AUTHOR adapts and submits them."

    def add_arguments(self, parser: CommandParser) -> None:
        """One user name."""
        parser.add_argument("author", help="user name of somebody who may write plans")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say which were loaded."""
        author = User.objects.active().filter(username__iexact=options["author"]).first()
        if author is None:
            raise CommandError(f"No active account is called {options['author']}.")
        try:
            plans = starter.load(author=author, now=timezone.now())
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{len(plans)} drafts: {', '.join(plan.number for plan in plans)}")
