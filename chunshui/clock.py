"""The district's clock: every time that is shown or written is that of its own time zone.

What the store keeps of a time is UTC.
"""

import datetime as dt
import os
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chunshui.errors import ChunshuiError

HERE = "Asia/Shanghai"


def zone() -> dt.tzinfo:
    """Return the time zone: the environment's CHUNSHUI_TIMEZONE, else Shanghai's.

    Raises ChunshuiError for a name that is no time zone.
    """
    return _zone(os.environ.get("CHUNSHUI_TIMEZONE") or HERE)


@cache
def _zone(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if (
            name == HERE
        ):  # a machine without the table of time zones; here it has never changed since
            return dt.timezone(dt.timedelta(hours=8), HERE)
        raise ChunshuiError(
            f"环境变量 CHUNSHUI_TIMEZONE 写的“{name}”不是时区。请改成如 {HERE}，或删去它。"
        ) from error


def now() -> dt.datetime:
    """Return the present time, with its zone."""
    return dt.datetime.now(zone())


def local(moment: dt.datetime | str) -> dt.datetime:
    """Return a time on this clock; a text as the store keeps it (ISO 8601, UTC)."""
    if isinstance(moment, str):
        moment = dt.datetime.fromisoformat(moment)
    return moment.astimezone(zone())


def written(moment: dt.datetime | str) -> str:
    """Write a time: 2026-11-23 22:52."""
    return f"{local(moment):%Y-%m-%d %H:%M}"
