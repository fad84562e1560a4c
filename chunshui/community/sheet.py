"""The sheet of one community in one month: what is known, side by side with its street and the district.

Every number that a metric defines is that metric's figure; the others count rows that stand under
the sentence. There is no score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from chunshui import words
from chunshui.catalogue.attention import Item, counts_of
from chunshui.catalogue.figure import Figure, target_text
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.target_grid import points_short
from chunshui.catalogue.wording import attention_sentence
from chunshui.community import parts
from chunshui.community.parts import Known, Part
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.warehouse import Reader
from chunshui.words import MISSED, NEAR

TITLE, BESIDE_TITLE = "社区一页", "与街道、全区相比"
ATTENTION, NO_LEDGER = "需要关注", "没有台账的"  # of the lines of the sheet's table
# The main figures, each a share that can be set beside the street's and the district's.
BESIDE = (
    "circle_coverage",
    "area_per_100_households",
    "grid_compliance",
    "grid_roles_filled",
    "grid_posts_filled",
    "grid_leader_rate",
    "branch_cover_rate",
    "linkage_reach_rate",
    "two_new_coverage",
    "opinion_closing_rate",
    "opinion_on_time_rate",
    "opinion_local_rate",
    "forum_settled_rate",
    "full_items_rate",
    "renovation_done_rate",
    "investment_paid_rate",
    "walkup_older_rate",
    "fund_per_resident",
)
NOWHERE = "志愿者、社区工作者的人数和居民满意度不在任何台账里，本页不写。"


@dataclass(frozen=True)
class Beside:
    """One main figure of the community, its street and the district."""

    own: Figure
    street: Figure
    district: Figure


@dataclass(frozen=True)
class Sheet:
    """What is known of a community by the end of a month; `standing` says why there is none, if so."""

    name: str
    street: str
    finding: str
    standing: str
    parts: tuple[Part, ...]
    beside: tuple[Beside, ...]
    attention: tuple[Item, ...]


def sheet_of(reader: Reader, month: str, community: str, items: Sequence[Item]) -> Sheet:
    """Return the sheet of a community (its code), `items` being what needs attention there.

    Raises ChunshuiError for a community the version lacks.
    """
    known = Known(reader, month, community)
    found = known.rows("community/register")
    if found.empty:
        raise ChunshuiError(f"数据版本{reader.version}里没有代码为{community}的社区。")
    place = found.iloc[0]
    made = tuple(build(known) for build in parts.BUILDERS)
    standing = _standing(place, known.as_of)
    beside = _beside(reader, month, place["street_code"], community)
    return Sheet(
        place["community_name"],
        place["street_name"],
        standing or _finding(place["community_name"], known, beside, items),
        standing,
        made,
        beside,
        tuple(items),
    )


def _standing(place: pd.Series, as_of: pd.Timestamp) -> str:
    """Say that the community is not in the register on a day; "" where it is."""
    if place["valid_from"] > as_of:
        return f"{place['community_name']}{place['valid_from']:%Y-%m-%d}才设立，此时还没有"
    if pd.notna(place["valid_to"]) and place["valid_to"] <= as_of:
        return f"{place['community_name']}已于{place['valid_to']:%Y-%m-%d}撤并，不在名录中"
    return ""


def _finding(name: str, known: Known, beside: Sequence[Beside], items: Sequence[Item]) -> str:
    """Say how large the community is, what misses its target and what needs attention there, if anything does."""
    homes = known.rows("community/homes")
    size = ""
    if homes["households"].sum():
        size = f"{homes['households'].sum():,}户、{homes['residents'].sum():,}人；"
    told = [missed_words(beside) or "设目标的主要指标全部达标"]
    if items:
        first = items[0].title.removeprefix(name)
        which = f"，最要紧的是{first}" if len(items) > 1 else f"：{first}"
        told.append(f"{attention_sentence(*counts_of(list(items)))}{which}")
    return f"{name}{size}{'；'.join(told)}"


def missed_words(beside: Iterable[Beside]) -> str:
    """Say which main figures the table beside calls 未达标 or 接近, the furthest first; "" for none."""
    missed = [one.own for one in beside if one.own.status in (MISSED, NEAR)]
    missed.sort(key=points_short, reverse=True)
    named = [f"{one.metric.short}{one.text}" for one in missed]
    return f"没有达到目标的{len(missed)}项：{words.joined(named, measure='项')}" if missed else ""


def _beside(reader: Reader, month: str, street: str, community: str) -> tuple[Beside, ...]:
    own = figures_of(reader, BESIDE, month, community=community)
    around = figures_of(reader, BESIDE, month, (street,), months=1)
    whole = figures_of(reader, BESIDE, month, months=1)
    return tuple(
        Beside(own[one], around[one], whole[one]) for one in BESIDE if whole[one].value is not None
    )


def sentence_table(sheet: Sheet) -> pd.DataFrame:
    """Return the sentences as a table: side by side what it is about and what is known."""
    rows = [(part.title, part.sentence) for part in sheet.parts]
    rows += [(ATTENTION, f"{one.title}：{one.sentence}") for one in sheet.attention]
    return pd.DataFrame(rows, columns=["方面", "情况"])


def beside_table(rows: Iterable[Beside], street: str, month: str) -> pd.DataFrame:
    """Return the main figures beside the street's and the district's, with target and change."""
    year = str(Month.parse(month).shift(-12))
    heads = ("指标", "本社区", "分子／分母", "目标", "状态", street, "全区", "较上年同期")
    cells = [
        (
            one.own.metric.short,
            one.own.text,
            one.own.fraction_text or one.own.reason or words.MISSING,
            (target_text(one.own.metric, "community") or words.MISSING).removeprefix("目标"),
            one.own.status,
            one.street.text,
            one.district.text,
            words.change(one.own.moved(year), one.own.metric.unit),
        )
        for one in rows
    ]
    return pd.DataFrame(cells, columns=list(heads))
