"""What the page of the organisation shows, asked of a version."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from chunshui.catalogue.figure import Figure, values
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import get_metric, window_start
from chunshui.month import Month
from chunshui.ui import data as shown
from chunshui.ui.data import views
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope

BARE, GONE, ABOVE = "没有党员中心户", "包保对象已撤销", "上一级断开"
# What breaks a link, in the order the page lists it; what is cut off from above is no break.
KINDS = (
    "从未有人包保",
    "包保已到期，无人接续",
    "包保岗位不属上级组织",
    "一个岗位包保过多",
    GONE,
    BARE,
    ABOVE,
)
# The levels below the district, each with the link that holds it, its metric, what it should cover
# and the metric that says of what it is to cover how much is covered.
STREET, COMMUNITY, BRANCH, CENTRE = "街道大工委", "社区大党委", "小区（片区）党支部", "党员中心户"
TIERS = {STREET: "区-街道", COMMUNITY: "街道-社区", BRANCH: "社区-小区", CENTRE: "小区-中心户"}
COUNTS = {
    STREET: "street_committees",
    COMMUNITY: "community_committees",
    BRANCH: "party_branches",
    CENTRE: "centre_households",
}
# A neighbourhood that is not reached because an organisation is missing says so without the link.
MISSING = {
    "街道没有大工委": TIERS[STREET],
    "社区没有大党委": TIERS[COMMUNITY],
    "没有党支部覆盖": TIERS[BRANCH],
}
DONE, LATE, AHEAD = "完成", "逾期", "未到期"  # how a task stands
THEME_YEAR = "基层党建主题年"  # a kind of `terms`
TAILS = {"支部": "branch_tail_rate", "小区": "neighbourhood_tail_rate"}


KINDS_OF_UNITS = ("机关事业", "群团组织", "自治组织", "经济组织", "社会组织")


@dataclass(frozen=True)
class Level:
    """A level of the ladder: units there, what they should cover and how much lacks, breaks, homes."""

    name: str
    count: Figure
    due: int
    due_words: str
    lacking: int
    broken: int | None  # None without a ledger of the linkage
    cut_households: int | None


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope, whatever is filtered."""
    for ask in (units, breaks, homes, members):
        ask(scope)


@remembered(256)
def units(scope: Scope) -> pd.DataFrame:
    """Return committees and branches in scope with what is below each and what breaks its link."""
    return _known(views.within("views/organisation_units", scope), scope)


@remembered(256)
def breaks(scope: Scope) -> pd.DataFrame:
    """Return the breaks in scope and what they cut off, those of the most households first."""
    rows = views.within("views/organisation_breaks", scope)
    return rows if shown.has_ledger(scope, "linkage") else rows.head(0)


def _known(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return rows whose reason is missing where no ledger says who backs whom."""
    return rows if shown.has_ledger(scope, "linkage") else rows.assign(reason=None)


def centres(scope: Scope, branch_id: str) -> pd.DataFrame:
    """Return the centre households of one branch, those that are not reached first."""
    rows = views.district("views/organisation_centres", scope)
    return _known(rows[rows["branch_id"] == branch_id], scope)


def links(scope: Scope, tier: str, unit_id: str) -> pd.DataFrame:
    """Return who backed one unit, the latest first."""
    return views.district("views/organisation_links", scope, tier=tier, unit=unit_id)


@remembered(64)
def _homes(district: Scope) -> pd.DataFrame:
    # As the metric counts them; `shown.members` has their ledger rows, too, and takes longer.
    weight = get_metric("linkage_reach_rate").variant().params
    rows = views.monthly("metrics/linkage_reach_rate", district, **weight)
    tier = rows["reason"].str.partition("：")[0]
    return rows.assign(
        reached=rows["numerator"] > 0,
        households=rows["denominator"],
        cut_at=tier.replace(MISSING),
    )


@remembered(256)
def homes(scope: Scope) -> pd.DataFrame:
    """Return the neighbourhoods in scope: households, whether reached, else at which link cut off."""
    return views.cut(_homes(scope.district()), scope)


@remembered(256)
def bare(scope: Scope, what: str) -> pd.DataFrame:
    """Return the branches or neighbourhoods (of `TAILS`) in scope without a centre household.

    With their households, the most first.
    """
    rows = views.cut(shown.members(scope.district(), TAILS[what]), scope)
    rows = rows[~rows["counted"]]
    if what == "支部":
        known = units(scope).set_index("unit_id")["households"]
    else:
        known = homes(scope).set_index("entity_id")["households"]
    rows = rows.assign(households=rows["entity_id"].map(known).fillna(0).astype(int))
    return rows.sort_values(["households", "entity_id"], ascending=[False, True])


def within_months() -> int:
    """Return the months without a pledge after which a member unit is idle."""
    return get_metric("unit_idle").variant().params["within_months"]


@remembered(256)
def members(scope: Scope) -> pd.DataFrame:
    """Return the member units in scope with their pledges; those without any first, then the overdue."""
    months = within_months()
    return views.within("views/organisation_members", scope, _due_since, within_months=months)


def _due_since(month: Month) -> dt.date:
    return window_start(get_metric("pledge_kept_rate").window, month)


def pledges(scope: Scope, unit_id: str) -> pd.DataFrame:
    """Return what one member unit promised, the latest due first."""
    return views.district("views/organisation_pledges", scope, unit=unit_id)


@remembered(256)
def brands(scope: Scope) -> pd.DataFrame:
    """Return the places in scope with their brand; those without any first, then the lapsed."""
    return views.within("views/organisation_brands", scope)


@remembered(256)
def awards(scope: Scope) -> pd.DataFrame:
    """Return the brands and cases in scope that were named among the ten of a year."""
    return views.within("views/organisation_awards", scope)


@remembered(256)
def trainings(scope: Scope) -> pd.DataFrame:
    """Return the courses of the year in scope, those to which the smallest share came first.

    With share (%). Those of the district itself stand with the whole district alone.
    """
    rows = views.within("views/organisation_trainings", scope, _year)
    metric = get_metric("training_attendance_rate")
    rows = rows.assign(share=values(metric, rows["attended"], rows["invited"]))
    return rows.sort_values(["share", "held_on"], kind="stable")


@remembered(256)
def activities(scope: Scope) -> pd.DataFrame:
    """Return by kind how many activities were held in the year and its last month, and taken part in."""
    rows = views.within("views/organisation_activities", scope, _year)
    counts = rows.groupby("kind")[["held", "held_in_month", "attendees"]].sum()
    return counts.sort_values("held", ascending=False).reset_index()


def quiet(scope: Scope) -> list[str]:
    """Return the communities in scope that held no activity in the year."""
    asked = ("activity_community_rate", scope.month, scope.streets, scope.community, "year")
    rows = members_of(shown.reader(scope.edition), *asked)
    return rows.loc[~rows["counted"], "entity_name"].tolist()


def _year(month: Month) -> dt.date:
    return window_start("year-to-date", month)


def tasks(scope: Scope) -> pd.DataFrame:
    """Return the tasks of the six actions: the longest overdue, then the next due, then those done."""
    return views.monthly("views/organisation_tasks", scope)


def terms(scope: Scope) -> pd.DataFrame:
    """Return theme years and terms of the report with what is publicly known of them."""
    return shown.reader(scope.edition).query("views/organisation_terms")


@remembered(256)
def ladder(scope: Scope) -> list[Level]:
    """Return the levels from the streets' committees down, those that the scope has anything of."""
    ids = [*COUNTS.values(), "branch_cover_rate", TAILS["支部"]]
    found = shown.figures(scope, ids)
    known, listed, cut = shown.has_ledger(scope, "linkage"), breaks(scope), homes(scope)
    land = shown.district(scope.edition)
    codes = {one.street_code for one in land.communities if _inside(one, scope)}
    places = {
        STREET: (0 if scope.community else len(codes), "个街道"),
        COMMUNITY: (sum(_inside(one, scope) for one in land.communities), "个社区"),
    }
    levels = []
    for name, tier in TIERS.items():
        count = found[COUNTS[name]]
        there = int(count.value or 0)
        if name in places:
            due, words = places[name]
            lacking = max(due - there, 0)
        else:
            rate = found["branch_cover_rate" if name == BRANCH else TAILS["支部"]]
            due, words = int(rate.denominator or 0), "个小区" if name == BRANCH else "个支部"
            lacking = due - int(rate.numerator or 0)
        broken = int((listed["is_own"] & (listed["tier"] == tier)).sum())
        homeless = int(cut["households"][cut["cut_at"] == tier].sum())
        if there or due or homeless:
            counted = (broken, homeless) if known else (None, None)
            levels.append(Level(name, count, due, words, lacking, *counted))
    return levels


def _inside(place: shown.Place, scope: Scope) -> bool:
    if scope.community:
        return place.code == scope.community
    return not scope.streets or place.street_code in scope.streets
