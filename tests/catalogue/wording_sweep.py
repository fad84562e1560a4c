"""What is written, read as a reader reads it and held against itself: `python -m tests.catalogue.wording_sweep`.

Nothing here calls the catalogue's own rounding or comparing: texts are taken apart by a regular
expression and compared as decimals. The command goes through every metric, month, street and
community of the demonstration in the data folder (CHUNSHUI_DATA); the suite tries a sample.
"""

import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

import pandas as pd

from chunshui import paths
from chunshui.catalogue import wording
from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.metric import LEVELS, Metric, all_metrics
from chunshui.catalogue.stored import version_months
from chunshui.month import Month
from chunshui.warehouse import Reader, Store

NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?")
SCALES = {"万": 10_000, "亿": 100_000_000}
FALLING = ("下降", "减少")


_places = lru_cache(maxsize=64)(place_table)  # a month is asked for again a month and a year later


def read(text: str | None) -> Decimal | None:
    """Return the number that a text says, in the plain unit; None for none."""
    match = NUMBER.search(text or "")
    if match is None:
        return None
    return Decimal(match[0].replace(",", "")) * SCALES.get(text[match.end() : match.end() + 1], 1)


def read_change(text: str) -> Decimal:
    """Return the change that words say: "较1至9月下降0.4个百分点" is -0.4, 持平 is nothing."""
    text = re.sub(r"^较(上年同期|上季度(同期)?|上月|(\d+至)?\d+月)", "", text)
    if text.endswith("持平"):
        return Decimal(0)
    size = read(text)
    assert size, text
    return -size if any(word in text for word in FALLING) else size


def faults(reader: Reader, metric: Metric, month: Month) -> Iterator[str]:
    """Yield what contradicts itself in one metric's month, over district, streets, communities."""
    yield from _figure_faults(reader, metric, month)
    for level in LEVELS[1 : LEVELS.index(metric.level) + 1]:
        rows = _places(reader, metric.id, str(month), level)
        rows = rows[rows[f"{level}_code"].notna()]
        for months in (1, 12):
            before = month.shift(-months)
            column = "change_month" if months == 1 else "change_year"
            anew = metric.anew_months()
            if anew and months == 1 and month.number % anew == 1:
                if rows[column].notna().any():
                    yield f"{level} {month}: a count begun anew is compared with the one before"
                continue
            if before not in version_months(reader):
                continue
            earlier = _places(reader, metric.id, str(before), level)
            texts = dict(zip(earlier[f"{level}_code"], earlier["text"], strict=True))
            for row in rows.itertuples():
                then = read(texts.get(getattr(row, f"{level}_code")))
                now, moved = read(row.text), getattr(row, column)
                if None in (then, now) or pd.isna(moved):
                    continue
                if abs(Decimal(str(moved)) - (now - then)) > Decimal("1e-6"):
                    yield f"{level} {month} {row.text} less {then}: {moved}"
                if months == 1 and read_change(row.change) != now - then:
                    yield f"{level} {month} {row.text} less {then}: {row.change}"
        yield from _status_faults(metric, level, month, rows)
        yield from _superlative_faults(metric, level, month, rows)


def _figure_faults(reader: Reader, metric: Metric, month: Month) -> Iterator[str]:
    figure = figures_of(reader, [metric.id], str(month))[metric.id]
    if figure.change_month is not None:
        before = figures_of(reader, [metric.id], str(month.shift(-1)))[metric.id]
        now, then = read(figure.text), read(before.text)
        if read_change(figure.change_text) != now - then:
            yield f"{month} {figure.text} after {before.text}: {figure.change_text}"
    if figure.value is None:
        return
    sentence = wording.trend_sentence(figure, 12)
    if figure.status == "达标" and "比目标" in sentence:
        yield sentence
    if figure.status in ("接近", "未达标") and metric.target:
        gap = abs(read(figure.text) - Decimal(repr(metric.target)))
        if (
            read(
                sentence.rpartition("比目标")[2].partition("低")[2] or sentence.rpartition("高")[2]
            )
            != gap
        ):
            yield f"{month} {gap}: {sentence}"


def _status_faults(metric: Metric, level: str, month: Month, rows: pd.DataFrame) -> Iterator[str]:
    if metric.target is None:
        return
    target = Decimal(repr(float(metric.target)))
    for row in rows[rows["value"].notna()].itertuples():
        base = row.denominator if metric.kind == "ratio" else row.members
        few = metric.kind != "total" and base < metric.fewest and metric.entities != (level,)
        if few != (row.status == "基数小") and row.status != "超付":
            yield f"{level} {month} {row.text} of {base}: {row.status}"
        if row.status not in ("达标", "接近", "未达标"):
            continue
        shown = read(row.text)
        reached = shown >= target if metric.direction == "up" else shown <= target
        if reached != (row.status == "达标"):
            yield f"{level} {month} {row.text} against {target}: {row.status}"
        if metric.amber is not None and not reached:
            amber = Decimal(repr(float(metric.amber)))
            near = shown >= amber if metric.direction == "up" else shown <= amber
            if near != (row.status == "接近"):
                yield f"{level} {month} {row.text} against {amber}: {row.status}"


def _superlative_faults(
    metric: Metric, level: str, month: Month, rows: pd.DataFrame
) -> Iterator[str]:
    name = f"{level}_name"
    known = rows[rows["value"].notna()]
    if metric.kind != "total" and metric.entities != (level,):
        base = known["denominator" if metric.kind == "ratio" else "members"]
        known = known[base >= metric.fewest]
    texts = known["text"].map(read)
    sentence = wording.ends_words(wording.standings(rows), wording.LEVELS[level], metric)
    if metric.kind == "ratio" and metric.entities == (level,):
        lacking = list(known.loc[texts == 0, name])
        who = "、".join(lacking[:3]) + (f"等{len(lacking)}个社区" if len(lacking) > 3 else "")
        if sentence != (f"{who}{metric.lack}" if lacking else metric.none):
            yield f"{level} {month}: “{sentence}” of {lacking}"
        return
    sides = ("最多", "最少") if metric.kind == "total" else ("最高", "最低")
    if metric.unit in ("天", "分钟"):
        sides = ("最长", "最短")
    if known["beyond"].notna().any():  # cases: nobody is first or last by chance
        if any(side in sentence for side in sides):
            yield f"{level} {month}: a superlative of chance, “{sentence}”"
        for side, way in ((1, "明显偏高"), (-1, "明显偏低")):
            off = known[known["beyond"] == side]
            shown = (off[name] + "（" + off["text"] + "）").tolist()
            if (way in sentence) != bool(shown) or not all(o in sentence for o in shown[:3]):
                yield f"{level} {month} {way}: {shown}, “{sentence}”"
        return
    for side, end in zip(sides, (texts.max(), texts.min()), strict=True):
        equal = list(known.loc[texts == end, name])
        named = re.search(rf"{side}的是([^（]*)（([^）]*)）", sentence)
        if named is None:
            if 0 < len(equal) <= wording.NAMED < len(known) and len(set(texts)) > 1:
                yield f"{level} {month} {side}: {equal} not named in “{sentence}”"
        elif sorted(named[1].split("、")) != sorted(equal) or read(named[2]) != end:
            yield f"{level} {month} {side}: {equal} at {end}, “{sentence}”"
        elif len(equal) > 1 and f"并列{side}" not in sentence:
            yield f"{level} {month} {side}: a tie is a superlative, “{sentence}”"


def main() -> None:
    """Go through all; print what contradicts itself and how much was tried."""
    found = tried = 0
    with Store(paths.versions_dir()).open() as reader:
        for metric in all_metrics().values():
            for month in version_months(reader):
                tried += 1
                for fault in faults(reader, metric, month):
                    found += 1
                    print(f"{metric.id}: {fault}")
    print(f"{tried} months of metrics, {found} contradictions")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
