"""The board, the cohorts of the communities, the drills that were held; who is late by bad luck."""

import zlib

import numpy as np
import pandas as pd

from chunshui.month import Month

YEARS = (2024, 2025, 2026)
# (metric, floor, target, noise, weight of the month's drill, weight of the year's)
BOARD = [
    ("opinion_on_time_rate", 50, 90, "办件", 12.5, 15),
    ("opinion_closing_rate", 70, 95, "办件", 12.5, 5),
    ("opinion_return_rate", 40, 10, "办件", 12.5, 15),
    ("grid_post_days", 85, 98, "存量", 12.5, 15),
    ("grid_leader_rate", 90, 100, "存量", 12.5, 10),
    ("two_new_coverage", 75, 90, "存量", 12.5, 15),
    ("full_items_rate", 50, 85, "存量", 12.5, 10),
    ("milestones_on_time", 20, 80, "办件", 12.5, 15),
]
HELD = [Month.parse(f"2026-{number:02d}") for number in range(1, 10)]
HELD_DAY = 10  # of the month after
OLD_SHARE = 0.5


def build(communities: pd.DataFrame, neighbourhoods: pd.DataFrame, buildings: pd.DataFrame) -> dict:
    """Table name → frame: board_metric, cohort and drill_event."""
    return {
        "board_metric": _board(),
        "cohort": _cohorts(communities, neighbourhoods, buildings),
        "drill_event": _held(),
    }


def _board() -> pd.DataFrame:
    rows = [
        (f"SM{year}{code}{number:02d}", year, board, metric, weights[at], floor, target, noise)
        for year in YEARS
        for at, (board, code) in enumerate((("月拉练", "Y"), ("年考评", "N")))
        for number, (metric, floor, target, noise, *weights) in enumerate(BOARD, 1)
    ]
    columns = "entry_id year board metric_id weight floor target noise"
    return pd.DataFrame(rows, columns=columns.split())


def _cohorts(
    communities: pd.DataFrame, neighbourhoods: pd.DataFrame, buildings: pd.DataFrame
) -> pd.DataFrame:
    """Four cohorts by a rule that fits into a sentence, declared at the year's beginning."""
    codes = communities["community_code"]
    homes = codes.map(buildings.groupby("community_code")["households"].sum()).fillna(0)
    old = codes.map(neighbourhoods.groupby("community_code")["is_old"].mean()).fillna(0)
    large = np.where(homes >= homes.median(), "户数较多", "户数较少")
    aged = np.where(old > OLD_SHARE, "老旧为主", "新建为主")
    frames = [
        pd.DataFrame(
            {
                "cohort_id": [f"FZ{year}{code[6:]}" for code in codes],
                "year": year,
                "community_code": codes,
                "cohort": [f"{one}、{other}" for one, other in zip(large, aged, strict=True)],
                "basis": "户数在全区中位数以上或以下；老旧小区是否过半",
                "declared_on": np.datetime64(f"{year}-01-05"),
            }
        )
        for year in YEARS
    ]
    return pd.concat(frames, ignore_index=True)


def _held() -> pd.DataFrame:
    weights = ";".join(f"{metric}={weight}" for metric, _, _, _, weight, _ in BOARD)
    return pd.DataFrame(
        {
            "drill_id": [f"LL{month.year}{month.number:02d}" for month in HELD],
            "board": "月拉练",
            "month": [np.datetime64(month.first) for month in HELD],
            "held_on": [np.datetime64(month.shift(1).first) + HELD_DAY - 1 for month in HELD],
            "seed": [zlib.crc32(f"月拉练{month}".encode()) >> 1 for month in HELD],
            "weights": weights,
            "cohort_year": [month.year for month in HELD],
            "version_id": None,
            "result_digest": None,
        }
    )
