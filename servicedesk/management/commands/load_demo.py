"""``manage.py load_demo``: demonstration people and the sample tickets; harmless when repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.demo import demo_people
from servicedesk.demo.duty import add_people_around_roster
from servicedesk.demo.load import load_people, load_samples, samples_loaded


class Command(BaseCommand):
    """Loads what is missing and prints the demonstration log-ins."""

    help = "Loads the demonstration people, roster and sample tickets, and prints the log-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: demonstration data stays out of this installation.")
        load_people(timezone.now())
        if samples_loaded():
            self.stdout.write("Sample tickets are there already.")
        else:
            self.stdout.write("Replaying the 20 sample tickets …")
            load_samples()
        add_people_around_roster(timezone.now())
        self.stdout.write("\nDemonstration log-ins (password for all: Demo-desk-2026)")
        for person in demo_people():
            self.stdout.write(f"  {person.username:12} {person.name}  {person.role_label}")
