"""flask audit …: is the record as it was written."""

from __future__ import annotations

from flask.cli import AppGroup

audit_cli = AppGroup("audit", help="操作记录：核对、锚定、清理、导出。")
