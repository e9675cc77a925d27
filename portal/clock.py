"""The one place that asks what time it is; rules take the day as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")
"""Days of the domain (公布日, 生效日) are days in China, whatever the server's zone."""


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day in China on which an aware moment falls."""
    return moment.astimezone(HOME).date()


def today() -> date:
    """The present day in China."""
    return datetime.now(HOME).date()
