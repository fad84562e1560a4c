"""A question to the circles: which stations count, for whom, and how far is near."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

# Metres per second: adults, and people of 60 and more.
ADULT_SPEED, OLDER_SPEED = 1.2, 0.8
LEVELS = ("街道", "社区", "小区", "集聚区")
FUNCTIONS = (
    "党群服务", "幸福食堂", "居家养老", "托育扶幼", "积分超市",
    "时间银行", "小哥驿站", "议事协商", "文体活动",
)  # fmt: skip
# Who a service is for: the column of the buildings that holds its denominator.
TARGETS = {
    "幸福食堂": "residents_60",
    "居家养老": "residents_60",
    "托育扶幼": "residents_0_3",
    "小哥驿站": "residents_4_59",
}
PEOPLE = {
    "residents": "居民",
    "residents_60": "60岁及以上居民",
    "residents_0_3": "0–3岁婴幼儿",
    "residents_4_59": "4–59岁居民",
    "households": "住户",
}


@dataclass(frozen=True)
class Question:
    """Which stations count, for whom, and how far is near: the parameters of `circle_coverage`.

    `function` None means any; `weekday` 0 means at any time; `speed` turns metres into minutes.
    """

    month_end: dt.date
    function: str | None = None
    levels: tuple[str, ...] = LEVELS
    weekday: int = 0
    minute: int = 0
    farthest_m: float = 720.0
    people: str = "residents"
    speed: float = ADULT_SPEED

    @property
    def params(self) -> dict[str, Any]:
        """The same question as parameters of the metric `circle_coverage`."""
        return {
            "farthest": self.farthest_m,
            "levels": list(self.levels),
            "functions": [self.function] if self.function else [],
            "weekday": self.weekday,
            "minute": self.minute,
            "people": self.people,
        }

    def with_minutes(self, minutes: float) -> "Question":
        """Return the same question at so many minutes of its walking speed."""
        return replace(self, farthest_m=minutes * 60 * self.speed)

    @property
    def whose(self) -> str:
        """Who is counted, in words."""
        return PEOPLE[self.people]

    @property
    def unit(self) -> str:
        """The unit of who is counted."""
        return "户" if self.people == "households" else "人"

    @property
    def what(self) -> str:
        """Which stations are meant, in words: "社区级、小区级阵地里的幸福食堂"."""
        named = "" if set(self.levels) == set(LEVELS) else "、".join(self.levels) + "级"
        return f"{named}阵地里的{self.function}" if named and self.function else (
            self.function or f"{named}阵地"
        )  # fmt: skip


def weekday_words(weekday: int) -> str:
    """Name a weekday: 周三; 0 is 不限."""
    return "不限" if not weekday else "周" + "一二三四五六日"[weekday - 1]


def clock(minute: int) -> str:
    """Write minutes after midnight as 19:00."""
    return f"{minute // 60}:{minute % 60:02d}"
