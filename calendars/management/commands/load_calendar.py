"""``manage.py load_calendar``: load a year's holiday arrangement from a file (R11)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actors import SETUP
from accounts.models import User
from calendars import services
from calendars.arrangements import parse
from calendars.errors import ArrangementError


class Command(BaseCommand):
    """Shows what changes; with --dry-run changes nothing, otherwise all of it or nothing."""

    help = "Loads a year's holidays and make-up workdays (format: calendars/data/2026.json)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show the changes only")
        parser.add_argument(
            "--by", metavar="USERNAME", help="who answers for it in the audit trail"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            arrangement = parse(options["file"].read_text(encoding="utf-8"))
            self._print_changes(services.changes(arrangement))
            if options["dry_run"]:
                self.stdout.write("dry run: nothing has been changed")
                return
            actor = User.objects.get_by_natural_key(options["by"]) if options["by"] else SETUP
            services.load_arrangement(arrangement=arrangement, actor=actor, now=timezone.now())
        except (OSError, UnicodeDecodeError, ArrangementError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        except User.DoesNotExist as error:
            raise CommandError(f"nobody is called {options['by']}") from error
        self.stdout.write(
            self.style.SUCCESS(f"calendar {arrangement.year} loaded: {arrangement.notice}")
        )

    def _print_changes(self, lines: list[str]) -> None:
        for line in lines or ["no day changes"]:
            self.stdout.write(line)
