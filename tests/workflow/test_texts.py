"""Required texts must say something (conventions of the state machines)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from workflow.texts import is_placeholder, says_something, validate_required_text

REFUSED = [
    "", "   ", "\u3000\u3000", "无", "暂无", "同上", "略", "测试", "N/A", "n/a", "none", "-", "—",
    "…", "......", "。。。。。。", "ＮＯＮＥ", "无无无无无无", "测试测试测试", "aaaaaaaa",
    "\u200b\u200b\u200b\u200b\u200b\u200b", "好的", "无。无。无。", " 暂 无 ", "None.",
]  # fmt: skip
TAKEN = ["已重启服务", "索引缺失导致重复", "Index rebuilt", "无损失,业务未中断", "见附件第3页日志"]


@pytest.mark.parametrize("text", REFUSED)
def test_a_text_that_says_nothing_is_refused(text: str) -> None:
    assert not says_something(text)
    with pytest.raises(ValidationError):
        validate_required_text(text)


@pytest.mark.parametrize("text", TAKEN)
def test_a_text_that_says_something_is_taken(text: str) -> None:
    assert says_something(text)
    validate_required_text(text)


def test_placeholder_words_inside_a_sentence_do_no_harm() -> None:
    assert not is_placeholder("测试环境已验证通过")
    assert not is_placeholder("数据无丢失")
