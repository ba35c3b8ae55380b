"""Texts that must say something (the conventions before D1)."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MIN_VISIBLE = 5
_PLACEHOLDERS = frozenset(
    {
        "无", "没有", "暂无", "同上", "同前", "略", "省略", "测试", "测试测试", "不详", "未知",
        "待定", "待补充", "如题", "见附件", "na", "n/a", "none", "nil", "null", "tbd",
        "test", "testing", "asdf", "sameasabove", "asabove", "ditto", "seeattachment",
        "nothing", "unknown",
    }
)  # fmt: skip


def visible(text: str) -> str:
    """The text after NFKC, without white space, control and format characters."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(
        character
        for character in normal
        if not character.isspace() and unicodedata.category(character) not in {"Cc", "Cf", "Co"}
    )


def is_placeholder(text: str) -> bool:
    """True for 无, 暂无, 同上, N/A, -, … and for one character or such a word repeated."""
    core = "".join(
        c for c in visible(text).lower() if unicodedata.category(c)[0] in "LN" or c == "/"
    )
    if not core or core in _PLACEHOLDERS:
        return True
    if len(set(core)) == 1:
        return True
    return any(
        len(core) % len(word) == 0 and word * (len(core) // len(word)) == core
        for word in _PLACEHOLDERS
    )


def says_something(text: str) -> bool:
    """True when a required text has ≥ 5 visible characters and is no placeholder."""
    return len(visible(text)) >= MIN_VISIBLE and not is_placeholder(text)


def validate_required_text(text: str) -> None:
    """Form and model validator; raises ``ValidationError``."""
    if is_placeholder(text):
        raise ValidationError(
            _("Please say it in words: “none”, “same as above” or dots are not enough."),
            code="placeholder",
        )
    if len(visible(text)) < MIN_VISIBLE:
        raise ValidationError(_("At least 5 visible characters, please."), code="too_short")
