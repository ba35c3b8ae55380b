"""The first agreement is in force; what regulations ask of the bank is shown (section 4.3)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MILESTONES = [
    (
        "report_30m", 30, "向监管部门报告(30 分钟口径)",
        "Report to the regulator (30-minute reading)", "银监办发〔2008〕53号 第35条(另一口径)",
    ),
    (
        "report_60m", 60, "向监管部门报告(60 分钟)", "Report to the regulator (60 minutes)",
        "银监办发〔2008〕53号 第35条",
    ),
    (
        "brief_2h", 120, "网络安全事件报告(2 小时口径)",
        "Report of a network-security incident (2-hour reading)", "国家网络安全事件报告管理办法",
    ),
    (
        "grade_3h", 180, "中断满 3 小时,事件级别可能上升",
        "Three hours down: the grade may rise", "银监办发〔2008〕53号 第9、10条",
    ),
    (
        "rto_4h", 240, "重要业务恢复目标 4 小时;网信部门报告时限",
        "Recovery target of important business, 4 hours; report to the cyberspace administration",
        "银监发〔2011〕104号(待核);国家网络安全事件报告管理办法",
    ),
    (
        "grade_6h", 360, "中断满 6 小时,可能构成特别重大事件",
        "Six hours down: may count as extremely serious", "银监办发〔2008〕53号 第9条",
    ),
    (
        "written_12h", 720, "正式书面报告(12 小时)", "Formal written report (12 hours)",
        "银监办发〔2008〕53号 第35、36条",
    ),
    (
        "outsourcing_24h", 1440, "外包重大风险事件报告(24 小时)",
        "Report of a major outsourcing risk event (24 hours)", "银保监办发〔2021〕141号 第38条",
    ),
]  # fmt: skip


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    first = apps.get_model("sla", "Agreement").objects.filter(version=1)
    first.update(state="confirmed")
    regulator = apps.get_model("sla", "RegulatorMilestone")
    for code, minutes, name, name_en, basis in MILESTONES:
        regulator.objects.get_or_create(
            code=code,
            defaults={"minutes": minutes, "name": name, "name_en": name_en, "basis": basis},
        )


class Migration(migrations.Migration):
    dependencies = [("sla", "0004_versions_targets_alerts")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
