"""Internal clocks are proved against the trail; those that exist already are written into it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def take_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write down how each existing internal clock stands, as the beginning of its proof."""
    from accounts.actors import SETUP
    from audit import services as audit
    from sla import target_trail

    if not apps.get_model("sla", "TargetClock").objects.exists():
        return
    from sla.models import TargetClock

    now = timezone.now()
    with audit.unit_of_work():
        for clock in TargetClock.objects.prefetch_related("pauses").order_by("pk").iterator(500):
            target_trail.changed(clock, target_trail.TAKEN_OVER, now=now, actor=SETUP)


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0005_confirm_first_and_regulator"),
        ("audit", "0002_protect"),
    ]
    operations = [
        migrations.AddField(
            model_name="clockcheck",
            name="target_position",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="clockcheck",
            name="targets",
            field=models.PositiveIntegerField(default=0, verbose_name="internal clocks checked"),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
