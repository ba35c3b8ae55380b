"""Loads the arrangements of 2025 and 2026 that are shipped with the product."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from accounts.actors import SETUP
from calendars.arrangements import SHIPPED, parse

YEARS = (2025, 2026)


def load(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the days of both years."""
    calendar_year = apps.get_model("calendars", "CalendarYear")
    calendar_day = apps.get_model("calendars", "CalendarDay")
    for number in YEARS:
        arrangement = parse((SHIPPED / f"{number}.json").read_text(encoding="utf-8"))
        year = calendar_year.objects.create(
            year=number, notice=arrangement.notice, loaded_at=timezone.now()
        )
        calendar_day.objects.bulk_create(
            calendar_day(
                date=day.date,
                year=year,
                kind=day.kind,
                name=day.name,
                name_en=day.name_en,
                notice=day.notice,
                entered_by=SETUP.audit_name,
            )
            for day in arrangement.days
        )


def unload(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take both years out again."""
    apps.get_model("calendars", "CalendarYear").objects.filter(year__in=YEARS).delete()


class Migration(migrations.Migration):
    """Holiday data."""

    dependencies = [("calendars", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
