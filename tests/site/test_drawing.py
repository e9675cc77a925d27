"""Rows are drawn once for all pages that say the same of them, and anew for whatever differs."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.site.finding.drawing import drawn_row

ROW: dict[str, Any] = {
    "number": 7,
    "name": "建筑工程施工许可证核发",
    "code": "3700000117086",
    "parts": ["变更", "延期"],
    "href": "/lists/fujian-1/7",
    "department": "市住房城乡建设局",
    "type": "行政许可",
    "exception": "任城区用服务窗口前移",
    "mode": "direct",
    "label": "直接下放",
    "where": "任城区行政审批服务局",
}
CHANGES: dict[str, Any] = {
    "number": 8,
    "name": "商品房预售许可",
    "parts": ["变更"],
    "href": "/lists/fujian-1/7?at=370811",
    "department": "市自然资源局",
    "type": "公共服务",
    "exception": "",
    "mode": "window",
    "label": "窗口前移",
    "where": "",
}


@pytest.mark.parametrize("field", CHANGES)
def test_whatever_differs_is_seen(app: Flask, field: str) -> None:
    with app.test_request_context("/"):
        before = drawn_row(ROW)
        assert drawn_row({**ROW, field: CHANGES[field]}) != before
        assert drawn_row(dict(ROW)) == before


def test_each_language_has_its_own(app: Flask) -> None:
    with app.test_request_context("/"):
        chinese = drawn_row(ROW)
    with app.test_request_context("/?lang=en"):
        english = drawn_row(ROW)
    assert "例外" in chinese
    assert 'lang="zh-CN"' in english
    assert "Exception" in english


def test_what_stands_in_it_is_text(app: Flask) -> None:
    with app.test_request_context("/"):
        assert "<b>" not in drawn_row({**ROW, "name": "<b>", "where": "<b>"})
