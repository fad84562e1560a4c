"""Tables of the organisation as they are shown: the ladder, the tree, breaks, links."""

from collections.abc import Iterable

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.ui import data as shown
from chunshui.ui.data.remembering import beside, remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.organisation import data
from chunshui.ui.topics.organisation.data import Level
from chunshui.ui.widgets.tables import LEDGER, headed, readable

PLACE = {"street_name": "街道", "community_name": "社区"}
WHOLE, HOLDS, ROOT = "合计", "接得上", "区"
BREAKS = {
    "unit_name": "断在哪里", "tier": "层级", "why": "原因", "households": "涉及户数",
    "backer": "登记的包保岗位", **PLACE, **LEDGER,
}  # fmt: skip
BARE = {"entity_name": "名称", "households": "户数", **PLACE, **LEDGER}
CENTRES = {
    "building_name": "党员中心户所在楼栋", "neighbourhood_name": "小区", "state": "包保",
    "backer_post": "包保岗位", "since_on": "自何日", **LEDGER,
}  # fmt: skip
LINKS = {
    "backer_post": "包保岗位", "backer_name": "所属组织", "since_on": "起", "until_on": "止",
    "state": "现状", **LEDGER,
}  # fmt: skip

MEMBERS = {
    "unit_name": "成员单位", "kind": "类别", "recent": "近一年承诺", "due": "本年到期", "kept": "按期兑现",
    "overdue": "逾期未兑现", "late_days": "最久逾期（日历日）", "last_on": "最近一次承诺", "committee_name": "所属组织",
    **LEDGER,
}  # fmt: skip
PLEDGES = {
    "content": "承诺事项", "kind": "类别", "amount": "数量", "promised_on": "承诺", "due_on": "应兑现",
    "delivered_on": "兑现", "state": "现状", "confirmed_by": "确认组织", **LEDGER,
}  # fmt: skip
BRANDS = {
    "place_name": "街道、社区", "state": "品牌", "brand_name": "品牌名称", "theme": "主题",
    "declared_on": "确立", "ended_on": "终止", "street_name": "街道", **LEDGER,
}  # fmt: skip
AWARDS = {
    "title": "入选名称", "kind": "评选", "year": "年度", "place_name": "街道、社区",
    "brand_name": "对应品牌", "awarded_on": "公布", "street_name": "街道", **LEDGER,
}  # fmt: skip
TASKS = {
    "action": "行动", "title": "任务", "state": "现状", "planned_on": "计划完成", "done_on": "完成",
    "lead_unit": "牵头单位", **LEDGER,
}  # fmt: skip
TRAININGS = {
    "held_on": "开班日期", "level": "层级", "street_name": "街道", "topic": "主题", "hours": "学时",
    "invited": "应到岗位", "attended": "实到岗位", "came": "到课率", "training_id": "编号", **LEDGER,
}  # fmt: skip
ACTIVITIES = {
    "kind": "类别", "held": "本年场次", "held_in_month": "本月场次", "attendees": "本年人次",
}  # fmt: skip
TERMS = {
    "term": "名称", "kind": "类别", "known": "公开解释", "sentence": "原文", **LEDGER,
}  # fmt: skip
UNEXPLAINED = {"提法": "未见公开解释", data.THEME_YEAR: "起止日期未见公开"}
FOUR = "“1+4”中的四类"


def ladder(levels: Iterable[Level], whole: bool) -> pd.DataFrame:
    """Return the ladder (of the whole district: from it down) with its sum.

    What is there, what it should cover, how much of that lacks, breaks, homes cut off.
    """
    rows = [
        {
            "层级": one.name,
            "实有": one.count.text,
            "应覆盖": f"{one.due:,}{one.due_words}",
            "还缺": one.lacking,
            "断链": one.broken,
            "断开户数": one.cut_households,
        }
        for one in levels
    ]
    top = [{"层级": ROOT, "实有": "1个"}] if whole else []
    table = pd.DataFrame(top + rows)
    sums = {head: table[head].sum(min_count=1) for head in ("断链", "断开户数")}
    summed = pd.DataFrame([{"层级": WHOLE, **sums}])
    return readable(pd.concat([table, summed], ignore_index=True).astype(
        {"还缺": "Int64", "断链": "Int64", "断开户数": "Int64"}
    ))  # fmt: skip


@beside
def breaks(rows: pd.DataFrame) -> pd.DataFrame:
    """Return breaks as they come: those of the most households first."""
    backer = (rows["backer_name"] + rows["backer_post"]).where(rows["reason"] != data.BARE)
    ended = "（" + rows["ended_on"].dt.strftime("%Y-%m-%d") + "）"
    return headed(rows.assign(backer=backer, why=rows["reason"] + ended.fillna("")), BREAKS)


@beside
def bare(rows: pd.DataFrame) -> pd.DataFrame:
    """Return branches or neighbourhoods without a centre household."""
    return headed(rows, BARE)


def centres(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the centre households of one branch."""
    return headed(rows.assign(state=rows["reason"].fillna(HOLDS)), CENTRES)


@remembered(256)
def children(scope: Scope) -> pd.DataFrame:
    """Return what is right below the place in scope: streets, communities of one, branches of one.

    Columns code, name, unit (of its organisation; "" without one), reason (None where its own link
    holds), below (breaks under it), centres, households, reached (how many of them).
    """
    units, listed, homes = data.units(scope), data.breaks(scope), data.homes(scope)
    branches = units[units["tier"] == data.TIERS[data.BRANCH]]
    if scope.community:
        return branches.assign(
            code=branches["unit_id"],
            unit=branches["unit_id"],
            name=branches["unit_name"],
            below=(branches["centres"] == 0).astype(int),
            reached=branches["households"].where(branches["is_reached"], 0),
        ).reset_index(drop=True)
    land, street = shown.district(scope.edition), shown.home_street(scope)
    by = "community_code" if street else "street_code"
    tier = data.TIERS[data.COMMUNITY if street else data.STREET]
    inside = [
        one
        for one in (land.communities if street else land.streets)
        if not scope.streets or one.street_code in scope.streets
    ]
    heads = units[units["tier"] == tier].drop_duplicates(by).set_index(by)
    under = listed[listed["is_own"] & (listed["tier"] != tier)]
    counts = shown.by_community(scope.district(), data.COUNTS[data.CENTRE])
    homes = homes.assign(reached=homes["households"].where(homes["reached"], 0))
    sums = pd.DataFrame(
        {
            "below": under.groupby(by).size(),
            "centres": counts.groupby(by)["value"].sum(),
            "households": homes.groupby(by)["households"].sum(),
            "reached": homes.groupby(by)["reached"].sum(),
        },
        index=[one.code for one in inside],
    )
    return sums.fillna(0).astype(int).assign(
        code=sums.index,
        name=[one.name for one in inside],
        unit=heads["unit_id"].reindex(sums.index).fillna(""),
        reason=heads["reason"].reindex(sums.index),
    ).reset_index(drop=True)  # fmt: skip


def state(row: pd.Series, known: bool) -> str:
    """Say of a unit whether its own link holds: "接得上", why not, or that there is no unit."""
    if not row["unit"]:
        return "没有组织"
    if not known or row["unit"] == ROOT:
        return words.MISSING
    return HOLDS if words.is_missing(row["reason"]) else row["reason"]


def place(scope: Scope, name: str) -> pd.DataFrame:
    """Return the place in scope as one row of `children`: its own link, and all that is below it."""
    units, homes = data.units(scope), data.homes(scope)
    tier = data.TIERS[data.COMMUNITY if scope.community else data.STREET]
    heads = units[units["tier"] == tier]
    own = heads.iloc[0] if len(heads) == 1 and not scope.whole else None
    listed = data.breaks(scope)
    mine = listed["is_own"] & (own is None or listed["unit_id"] != own["unit_id"])
    row = {
        "name": name,
        "unit": ROOT if own is None else own["unit_id"],
        "reason": None if own is None else own["reason"],
        "below": int(mine.sum()),
        "centres": int(shown.figure(scope, data.COUNTS[data.CENTRE]).value or 0),
        "households": int(homes["households"].sum()),
        "reached": int(homes["households"][homes["reached"]].sum()),
    }
    return pd.DataFrame([row])


def tree(rows: pd.DataFrame, known: bool) -> pd.DataFrame:
    """Return rows of `children` as they are shown; without a ledger of the linkage nothing is known of it."""
    reach = ratio(rows["reached"], rows["households"], 100)
    return readable(
        {
            "组织": rows["name"],
            "本级包保": [state(row, known) for _, row in rows.iterrows()],
            "下面断链": rows["below"] if known else None,
            "党员中心户": rows["centres"],
            "户数": rows["households"],
            "包保到底": [words.percent(one) if known else None for one in reach],
        }
    )


def by_kind(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the kinds of member units with their pledges, the four of "1+4" summed, and all."""
    sums = pd.DataFrame(
        {
            "家数": rows.groupby("kind").size(),
            "没有承诺": (rows["recent"] == 0).groupby(rows["kind"]).sum(),
            "本年到期": rows.groupby("kind")["due"].sum(),
            "按期兑现": rows.groupby("kind")["kept"].sum(),
            "逾期未兑现": rows.groupby("kind")["overdue"].sum(),
        },
        index=list(data.KINDS_OF_UNITS),
    ).fillna(0)  # fmt: skip
    first, *four = data.KINDS_OF_UNITS
    parts = [sums.loc[[*four]], sums.loc[four].sum().to_frame(FOUR).T]
    parts += [sums.loc[[first]], sums.sum().to_frame(WHOLE).T]
    table = pd.concat(parts).astype(int)
    shares = ratio(table["按期兑现"], table["本年到期"], 100)
    table = table.assign(兑现率=[words.percent(one) for one in shares])
    return readable(table.rename_axis("类别").reset_index())


@beside
def members(rows: pd.DataFrame) -> pd.DataFrame:
    """Return member units, as they come: those without a pledge first."""
    return headed(rows, MEMBERS)


def pledges(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what one unit promised."""
    amounts = [
        words.MISSING if words.is_missing(size) else words.number(size, measure)
        for size, measure in zip(rows["quantity"], rows["measure"], strict=True)
    ]
    return headed(rows.assign(amount=amounts), PLEDGES)


@beside
def brands(rows: pd.DataFrame) -> pd.DataFrame:
    """Return places with their brand, as they come: those without one first."""
    return headed(rows, BRANDS)


@beside
def awards(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what was named among the ten of a year."""
    return headed(rows.assign(year=rows["year"].astype(str)), AWARDS)


@beside
def trainings(rows: pd.DataFrame) -> pd.DataFrame:
    """Return courses, as they come: those to which the smallest share came first."""
    return headed(rows.assign(came=rows["share"].map(words.percent)), TRAININGS)


def terms(rows: pd.DataFrame) -> pd.DataFrame:
    """Return theme years and terms; of what is not explained publicly, that it is not."""
    known = rows["meaning"].fillna(rows["kind"].map(UNEXPLAINED))
    return headed(rows.assign(known=known), TERMS)
