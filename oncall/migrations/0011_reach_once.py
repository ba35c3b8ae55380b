"""The three yes-or-no wishes have become channels."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oncall", "0010_reach_by_urgency")]

    operations = [
        migrations.RemoveField(model_name="reach", name="by_message"),
        migrations.RemoveField(model_name="reach", name="by_robot"),
        migrations.RemoveField(model_name="reach", name="by_sms"),
        migrations.AddConstraint(
            model_name="reach",
            constraint=models.UniqueConstraint(
                fields=("person", "urgency"), name="oncall_reach_once"
            ),
        ),
    ]
