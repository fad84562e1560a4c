"""A month of the calendar: the one type with which months are parsed, shifted, counted, written."""

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from chunshui.errors import ChunshuiError


@dataclass(frozen=True, order=True)
class Month:
    """One month; later ones are greater, `str` writes it "2026-10" as filters and files do."""

    year: int
    number: int  # 1 to 12

    @classmethod
    @lru_cache(2000)
    def parse(cls, text: str) -> "Month":
        """Return the month written "2026-10"; raise ChunshuiError for any other writing."""
        try:
            year, number = text.split("-")
            if len(year) != 4 or len(number) != 2:
                raise ValueError
            return cls.of(dt.date(int(year), int(number), 1))
        except (ValueError, AttributeError) as fault:
            raise ChunshuiError(f"月份“{text}”看不懂，请写成2026-10这样的形式。") from fault

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        """Return the month a day (or a moment) lies in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def __sub__(self, other: "Month") -> int:
        """Return by how many months this one is later."""
        return 12 * (self.year - other.year) + self.number - other.number

    @property
    def first(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        """The last day."""
        return self.first.replace(day=calendar.monthrange(self.year, self.number)[1])

    @property
    def words(self) -> str:
        """As it is written in a sentence: 2026年10月."""
        return f"{self.year}年{self.number}月"

    def against(self, before: "Month") -> str:
        """Return what a change since an earlier month is against: 较上月, 较上年同期, 较2026年3月."""
        return {1: "较上月", 12: "较上年同期"}.get(self - before, f"较{before.words}")

    def shift(self, months: int) -> "Month":
        """Return the month so many later, earlier when negative."""
        years, number = divmod(12 * self.year + self.number - 1 + months, 12)
        return Month(years, number + 1)

    def until(self, last: "Month") -> list["Month"]:
        """Return this month and those after it up to `last`, included; none if that is earlier."""
        return [self.shift(months) for months in range(last - self + 1)]
