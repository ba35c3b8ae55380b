"""The service plan of March 2017: 12, 16 and 24 hours (R20–R24, R56)."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("sla", "Agreement").objects.get_or_create(
        version=1,
        defaults={
            "effective_from": datetime(2017, 2, 28, 16, tzinfo=UTC),
            "source": "系统运维服务方案 2017年3月",
        },
    )


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
