"""Wishes for more than a call are kept for each urgency, and e-mail is a channel of its own."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

URGENCIES = ("urgent", "routine", "drill")
FLAGS = {"by_sms": ("sms",), "by_message": ("message", "email"), "by_robot": ("robot",)}


def spread(apps: Any, _editor: Any) -> None:
    """One row for each urgency; "message" meant an e-mail too, in ladders as well."""
    reach = apps.get_model("oncall", "Reach")
    for row in list(reach.objects.all()):
        row.channels = [
            code for flag, codes in FLAGS.items() if getattr(row, flag) for code in codes
        ]
        for urgency in URGENCIES[1:]:
            reach.objects.create(person_id=row.person_id, urgency=urgency, channels=row.channels)
        row.save()
    for row in apps.get_model("oncall", "LadderVersion").objects.all():
        row.steps = _with_email(row.steps)
        row.save(update_fields=["steps"])
    for page in apps.get_model("oncall", "Page").objects.exclude(state="closed"):
        page.ladder = _with_email(page.ladder)
        page.save(update_fields=["ladder"])


def _with_email(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for step in steps:
        if "message" in step["channels"] and "email" not in step["channels"]:
            step["channels"] = [*step["channels"], "email"]
    return steps


class Migration(migrations.Migration):
    dependencies = [
        ("oncall", "0009_rotations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="reach",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reach",
            name="urgency",
            field=models.CharField(
                choices=[
                    ("urgent", "System down and deadlines"),
                    ("routine", "Machine-room reports"),
                    ("drill", "Drills"),
                ],
                default="urgent",
                max_length=10,
                verbose_name="for",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reach",
            name="channels",
            field=models.JSONField(default=list, verbose_name="channels"),
        ),
        migrations.RunPython(spread, migrations.RunPython.noop),
    ]
