"""The managed objects that the sample tickets speak of."""

from __future__ import annotations

from operations.models import ManagedObject

Kind = ManagedObject.Kind
_SYSTEMS: list[tuple[str, str, str, str, str]] = [
    ("ACQ-PORTAL", "收单管理平台", "Acquiring management portal", Kind.APPLICATION, "important"),
    ("POS-MGMT", "POS 终端管理", "POS terminal management", Kind.POS, "important"),
    ("CLEARING", "清算系统", "Clearing system", Kind.APPLICATION, "core"),
    ("RECON", "清算对账系统", "Clearing reconciliation", Kind.APPLICATION, "core"),
    ("REBATE", "返佣分润模块", "Rebate and profit-share module", Kind.APPLICATION, "important"),
    ("BATCH", "批量调度平台", "Batch scheduler", Kind.APPLICATION, "important"),
    ("MERCHANT", "商户管理系统", "Merchant management", Kind.APPLICATION, "important"),
    ("ACQ-DB", "收单数据库", "Acquiring database", Kind.DATABASE, "core"),
    ("CLEARING-OS", "清算系统/操作系统", "Clearing system, operating system", Kind.OS, "core"),
    ("ACQ-STORAGE", "存储设备/收单数据库", "Storage array of the acquiring database",
     Kind.STORAGE, "core"),
    ("ROOM", "机房基础设施", "Machine-room facilities", Kind.FACILITY, "important"),
    ("MONITOR-FE", "监控平台/收单前置", "Monitoring platform, acquiring front end",
     Kind.NETWORK, "important"),
]  # fmt: skip


def create_systems() -> None:
    """Create the missing managed objects (R01)."""
    for code, name, name_en, kind, criticality in _SYSTEMS:
        ManagedObject.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_en": name_en,
                "kind": kind,
                "criticality": criticality,
            },
        )


def system(name: str) -> ManagedObject:
    """Managed object by the name in the sample tickets."""
    return ManagedObject.objects.get(name=name)
