"""A clock keeps what ended it; for those that have ended it is told from what they are."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Subquery


def tell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A fix and a lapsed plan ended by the resolution; so did a plan missed at that second."""
    clock = apps.get_model("sla", "Clock")
    ended = clock.objects.exclude(state="running")
    ended.filter(state="voided").update(ended_by="voided")
    ended.filter(ended_by="", kind="fix").update(ended_by="resolved")
    ended.filter(ended_by="", state="lapsed").update(ended_by="resolved")
    fix = clock.objects.filter(commitment=OuterRef("commitment"), kind="fix")
    missed = ended.filter(ended_by="", kind="plan", state="missed")
    same = missed.annotate(resolved_at=Subquery(fix.values("stopped_at")[:1]))
    rows = same.filter(stopped_at=F("resolved_at")).values_list("pk", flat=True)
    clock.objects.filter(pk__in=list(rows)).update(ended_by="resolved")
    clock.objects.exclude(state="running").filter(ended_by="").update(ended_by="delivered")


class Migration(migrations.Migration):
    dependencies = [("sla", "0006_proof_of_internal_clocks")]
    operations = [
        migrations.AddField(
            model_name="clock",
            name="ended_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("resolved", "Fault resolved"),
                    ("delivered", "Delivered to the bank"),
                    ("voided", "Voided"),
                ],
                default="",
                max_length=9,
                verbose_name="ended by",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
