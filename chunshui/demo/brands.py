"""Brands of streets and communities, and those that were named among the ten best."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.days import growing
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

BARE = 9  # communities that never had a brand
THEMES = {
    "邻里": ("邻里红", "幸福里", "议事坊"),
    "为老": ("暖阳里", "长者驿家"),
    "商圈": ("红商会", "先锋街"),
    "文化": ("记忆里", "书香坊"),
    "物业": ("红管家", "连心桥"),
}
CASES = ("老旧小区加梯议事", "小哥友好社区", "楼栋微治理", "共享停车", "社区食堂联办")
AWARDED_ON, YEAR, TEN = "2025-12-26", 2025, 10


def build(streets: pd.DataFrame, communities: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Table name → frame: brand and award."""
    draw = Stream("brands")
    street = streets.assign(
        level="街道", community_code=None, stem=streets["street_name"].str.removesuffix("街道")
    )
    columns = ["level", "street_code", "community_code", "stem"]
    places = pd.concat(
        [street[columns], communities.assign(level="社区")[columns]], ignore_index=True
    )
    lapsed = places["community_code"] == TRUTHS["brand_lapsed"]["community"]
    never = (places["level"] == "街道") & (
        places["street_code"] == TRUTHS["street_without_brand"]["street"]
    )
    others = np.flatnonzero((places["level"] == "社区") & ~lapsed)
    never.iloc[others[draw.sample(len(others), BARE)]] = True
    brands = places[~never].reset_index(drop=True)
    n = len(brands)
    brands["theme"] = draw.choose(n, list(THEMES))
    brands["brand_name"] = [
        f"{stem}{draw.pick(THEMES[theme])}"
        for stem, theme in zip(brands.pop("stem"), brands["theme"], strict=True)
    ]
    brands["declared_on"] = growing(draw, n, 0.6, dt.date(2021, 6, 1), dt.date(2026, 8, 31))
    brands["ended_on"] = np.datetime64("NaT", "D")
    gone = brands["community_code"] == TRUTHS["brand_lapsed"]["community"]
    brands.loc[gone, "declared_on"] = np.datetime64("2022-06-30")
    brands.loc[gone, "ended_on"] = np.datetime64(TRUTHS["brand_lapsed"]["ended_on"])
    brands = pd.concat([brands, _former(draw, brands[~gone])], ignore_index=True)
    brands.insert(0, "brand_id", [f"PP{k:03d}" for k in range(1, len(brands) + 1)])
    return {"brand": brands, "award": _awards(draw, brands, places)}


def _former(draw: Stream, brands: pd.DataFrame) -> pd.DataFrame:
    """Earlier brands of some places, each ended on the day the present one was declared."""
    late = brands[brands["declared_on"] > np.datetime64("2023-06-01")]
    former = late.iloc[np.sort(draw.sample(len(late), 12))].copy()
    former["brand_name"] += "（原）"
    former["ended_on"] = former["declared_on"]
    former["declared_on"] = former["declared_on"] - pd.to_timedelta(draw.whole(12, 500, 900), "D")
    return former


def _awards(draw: Stream, brands: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Ten brands and ten cases of one year."""
    known = brands[brands["ended_on"].isna() & (brands["declared_on"] < np.datetime64(AWARDED_ON))]
    named = known.iloc[np.sort(draw.sample(len(known), TEN))]
    of_brand = named[["street_code", "community_code", "brand_id"]].assign(
        kind="十大党建特色品牌", title=named["brand_name"]
    )
    where = places[places["level"] == "社区"]
    told = where.iloc[np.sort(draw.sample(len(where), TEN))]
    cases = draw.choose(TEN, CASES)
    of_case = told[["street_code", "community_code"]].assign(
        kind="十大党建创新案例",
        title=[f"{stem}{case}" for stem, case in zip(told["stem"], cases, strict=True)],
        brand_id=None,
    )
    table = pd.concat([of_brand, of_case], ignore_index=True)
    table = table.assign(year=YEAR, awarded_on=np.datetime64(AWARDED_ON))
    table.insert(0, "award_id", [f"PX{k:02d}" for k in range(1, len(table) + 1)])
    return table
