"""A week of the calendar, Monday to Sunday (ISO 8601), as weekly bulletins count."""

import datetime as dt
from dataclasses import dataclass

from chunshui.errors import ChunshuiError


@dataclass(frozen=True, order=True)
class Week:
    """One week by its Monday; later ones are greater, `str` writes it "2026-10-19"."""

    first: dt.date

    def __post_init__(self) -> None:
        if self.first.weekday():
            raise ValueError(f"{self.first} is no Monday")

    @classmethod
    def of(cls, day: dt.date) -> "Week":
        """Return the week a day lies in, be it over new year."""
        return cls(day - dt.timedelta(day.weekday()))

    @classmethod
    def last_whole(cls, day: dt.date) -> "Week":
        """Return the last week that is over by the end of a day."""
        return cls.of(day - dt.timedelta(6))

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Return the week of a day written "2026-10-21"; raise ChunshuiError for any other writing."""
        try:
            return cls.of(dt.date.fromisoformat(text))
        except (ValueError, TypeError) as fault:
            raise ChunshuiError(f"日期“{text}”看不懂，请写成2026-10-21这样的形式。") from fault

    def __str__(self) -> str:
        return self.first.isoformat()

    @property
    def last(self) -> dt.date:
        """The Sunday."""
        return self.first + dt.timedelta(6)

    @property
    def words(self) -> str:
        """As it is written in a sentence: 2026年10月19日至25日, 2026年12月28日至2027年1月3日."""
        first, last = self.first, self.last
        until = f"{last.day}日"
        if last.month != first.month:
            until = f"{last.month}月{until}"
        if last.year != first.year:
            until = f"{last.year}年{until}"
        return f"{first.year}年{first.month}月{first.day}日至{until}"

    def shift(self, weeks: int) -> "Week":
        """Return the week so many later, earlier when negative."""
        return Week(self.first + dt.timedelta(7 * weeks))

    def until(self, last: "Week") -> list["Week"]:
        """Return this week and those after it up to `last`, included; none if that is earlier."""
        return [self.shift(n) for n in range((last.first - self.first).days // 7 + 1)]
