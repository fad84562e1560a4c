"""What is known of a community, one part for each side of it: a sentence, and the rows it counts."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.stored import month_ends
from chunshui.month import Month
from chunshui.warehouse import Days, Reader

LEDGER = {"file_name": "台账文件", "sheet_name": "工作表", "source_row": "行号"}
METRICS = (
    *("residents_registered", "party_branches", "centre_households", "group_leaders"),
    *("linkage_broken", "member_units", "unit_idle", "grid_posts_filled", "grid_no_core"),
    *("station_count", "station_area", "circle_coverage", "circle_older", "circle_canteen"),
    *("opinions_received", "opinions_open_overdue", "opinion_on_time_rate", "two_new_coverage"),
    *("two_new_gap", "job_roles", "time_bank_hours", "points_used", "rider_meals", "fund_spent"),
    *("renovation_budget", "renovation_paid", "renovation_stalled", "lifts_in_use"),
    *("full_items_rate", "forum_matters", "forum_waiting"),
)
NOW = ("community/homes", "community/register")  # what the ledgers know only as it is now
ASKED = (
    *NOW,
    "community/stations",
    "community/opinions",
    "community/matters",
    "community/spent",
    "community/honours",
    "community/activities",
)
KINDS = {"party_committee": "社区大党委", "party_branch": "小区（片区）党支部"}
CANTEEN, LACKING, RECENT_DAYS = "幸福食堂", "四创未达标", 90


@dataclass(frozen=True)
class Phrase:
    """A few words of a sentence; of a number, the metric that opens it."""

    text: str
    metric: str | None = None


@dataclass(frozen=True)
class Part:
    """One side of a community. `rows` (shown under `heads`) are what its sentence counts.

    `listed` is what they are, with its measure before it ("个", "小区"); those of `undone` are matters
    that can be handed to somebody.
    """

    said: tuple[Phrase, ...]
    listed: tuple[str, str] = ("", "")
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    heads: dict[str, str] = field(default_factory=dict)
    undone: pd.Series | None = None
    title: str = ""

    @property
    def counted(self) -> str:
        """How many rows there are of what: "6个小区"."""
        return f"{len(self.rows):,}{''.join(self.listed)}"

    @property
    def sentence(self) -> str:
        """The words of the part without what they open."""
        return "".join(one.text for one in self.said)


def ask(reader: Reader, month: str, name: str) -> pd.DataFrame:
    """Return the rows of one of `ASKED`, of the whole district: asked once a month."""
    if name in NOW:
        return reader.query(name)
    return reader.among(name, Days(Month.parse(month).last), month_ends)


class Known:
    """What a version knows of one community by the end of a month, each thing asked once."""

    def __init__(self, reader: Reader, month: str, community: str):
        self.reader, self.month, self.community = reader, month, community
        self.as_of = pd.Timestamp(Month.parse(month).last)

    def has(self, *ledgers: str) -> bool:
        """Whether the version has rows of one of some ledgers."""
        return any(self.reader.manifest.rows.get(one) for one in ledgers)

    def rows(self, name: str) -> pd.DataFrame:
        """Return the community's rows of one of `ASKED`."""
        return self._cut(ask(self.reader, self.month, name))

    def view(self, name: str, **params: Any) -> pd.DataFrame:
        """Return the community's rows of a view that is asked of the whole district."""
        return self._cut(self.reader.query(f"views/{name}", as_of=self.as_of.date(), **params))

    def _cut(self, rows: pd.DataFrame) -> pd.DataFrame:
        codes = np.asarray(rows["community_code"], dtype=object)  # compared faster than Arrow's
        return rows[codes == self.community].reset_index(drop=True)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The community's figures by metric."""
        return figures_of(self.reader, METRICS, self.month, community=self.community, months=1)

    def figure(self, metric_id: str) -> Phrase:
        """Return a figure as it is written, which opens it."""
        return Phrase(self.figures[metric_id].text, metric_id)

    def value(self, metric_id: str) -> float:
        """Return a figure's value, nothing where there is none."""
        return self.figures[metric_id].value or 0


def _said(*pieces: str | Phrase) -> tuple[Phrase, ...]:
    return tuple(one if isinstance(one, Phrase) else Phrase(one) for one in pieces if one)


BUILDERS: list[Callable[[Known], Part]] = []  # of the parts, in the order in which they are told


def _part(title: str, *ledgers: str) -> Callable[[Callable[[Known], Part]], None]:
    """Take a function in that tells a part; where the version has none of the ledgers, that is what is told."""

    def take(tell: Callable[[Known], Part]) -> None:
        def build(known: Known) -> Part:
            if known.has(*ledgers):
                told = tell(known)
                return replace(told, title=title, heads=told.heads and told.heads | LEDGER)
            names = "、".join(words.ENTITIES[one] for one in ledgers)
            return Part(_said(f"现用版本没有{names}的台账，无从知道。"), title=title)

        BUILDERS.append(build)

    return take


def _day(value: pd.Timestamp) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _wan(yuan: float) -> str:
    return words.number(yuan, "元")


@_part("人口", "building", "neighbourhood")
def homes(known: Known) -> Part:
    """Return who lives there, neighbourhood by neighbourhood."""
    rows = known.rows("community/homes")
    sums = rows[["buildings", "households", "residents", "residents_60", "residents_0_3"]].sum()
    old = int(rows["is_old"].fillna(False).sum())
    said = _said(
        f"{len(rows)}个小区（老旧{old}个），{sums['buildings']:,}栋楼，{sums['households']:,}户、",
        known.figure("residents_registered"),
        f"，其中60岁及以上{sums['residents_60']:,}人、0–3岁{sums['residents_0_3']:,}人"
        "（楼栋台账现状）。",
    )
    heads = {
        "neighbourhood_name": "小区", "kind": "类别", "built_year": "建成年度", "buildings": "楼栋（栋）",
        "households": "户数（户）", "residents": "居民（人）", "residents_60": "60岁及以上（人）",
        "residents_0_3": "0–3岁（人）",
    }  # fmt: skip
    return Part(said, ("个", "小区"), rows, heads)


@_part("组织", "party_branch", "party_committee")
def organisation(known: Known) -> Part:
    """Return committee, branches, centre households and member units."""
    rows = known.view("organisation_units").sort_values(
        ["entity_table", "households"], ascending=[True, False], kind="stable"
    )
    if not known.has("linkage"):
        rows = rows.assign(reason=None)
    rows = rows.assign(kind=rows["entity_table"].map(KINDS))
    is_bare = (rows["entity_table"] == "party_branch") & (rows["centres"] == 0)
    bare, undone = rows[is_bare], is_bare | rows["reason"].notna()
    said = _said(
        "小区（片区）党支部",
        known.figure("party_branches"),
        "，党员中心户",
        known.figure("centre_households"),
        "、楼栋党小组长",
        known.figure("group_leaders"),
        f"；没有中心户的支部{len(bare)}个" if len(bare) else "",
        *(("；包保断链", known.figure("linkage_broken")) if known.has("linkage") else ()),
        "；成员单位",
        known.figure("member_units"),
        *(
            ("，一年没有承诺的占", known.figure("unit_idle"))
            if known.has("pledge") and known.value("unit_idle")
            else ()
        ),
        "。",
    )
    heads = {
        "unit_name": "组织", "kind": "级别", "households": "户数（户）", "neighbourhoods": "小区（个）",
        "centres": "中心户（家）", "reason": "断链原因",
    }  # fmt: skip
    return Part(said, ("个", "组织"), rows, heads, undone)


@_part("网格", "grid_unit")
def grids(known: Known) -> Part:
    """Return the grids, and which required posts nobody holds, how long."""
    rows = known.view("grids_list", lowest=0, highest=10**6)
    figure, vacant = known.figures["grid_posts_filled"], rows[rows["vacant_posts"] > 0]
    said: list[str | Phrase] = [f"网格{len(rows)}个，岗位到岗", known.figure("grid_posts_filled")]
    said.append(f"（{figure.fraction_text}）" if figure.fraction_text else "")
    if len(vacant):
        leaders = int(rows["leader_days"].notna().sum())
        said.append(f"；空缺{vacant['vacant_posts'].sum():,}个")
        said.append(f"，其中网格长{leaders}个" if leaders else "")
        if vacant["vacant_days"].notna().any():
            longest = vacant.loc[vacant["vacant_days"].idxmax()]
            posts = longest["vacant_names"].replace("（示意）", "")
            said.append(
                f"，最久的在{longest['grid_name']}（{posts}），空了{longest['vacant_days']:,.0f}天"
            )
    elif len(rows):
        said.append("；没有空缺")
    if number := known.figures["grid_no_core"].numerator:
        said += ["；无骨干网格", Phrase(f"{number:,.0f}个", "grid_no_core")]
    heads = {
        "grid_name": "网格", "households": "户数（户）", "posts": "应有岗位（个）", "vacant_posts": "空缺（个）",
        "vacant_names": "空缺岗位", "vacant_days": "最久空（天）", "leaders": "楼栋党小组长（名）",
        "centres": "党员中心户（家）",
    }  # fmt: skip
    return Part(_said(*said, "。"), ("个", "网格"), rows, heads, rows["vacant_posts"] > 0)


@_part("阵地", "station")
def stations(known: Known) -> Part:
    """Return the stations, and who cannot walk to any in ten minutes."""
    rows = known.rows("community/stations")
    reach = known.figures["circle_coverage"]
    said: list[str | Phrase] = [
        "阵地",
        known.figure("station_count"),
        "、",
        known.figure("station_area"),
    ]
    if reach.value is not None and reach.denominator is not None:
        beyond = reach.denominator - (reach.numerator or 0)
        said += ["；步行十分钟走得到阵地的居民", known.figure("circle_coverage")]
        said += [
            "，",
            Phrase(f"{words.number(beyond, '人')}走不到", "circle_coverage")
            if beyond
            else "没有走不到的",
        ]
    canteens = int(rows["functions"].fillna("").str.contains(CANTEEN).sum())
    said.append(f"；幸福食堂{canteens}处" if canteens else "；社区里没有幸福食堂")
    if known.figures["circle_canteen"].value is not None:
        said += ["，走得到食堂的老人", known.figure("circle_canteen")]
    heads = {
        "station_name": "阵地", "level": "级别", "area_m2": "面积（平方米）", "functions": "功能",
        "opened_on": "启用",
    }  # fmt: skip
    return Part(_said(*said, "。"), ("个", "阵地"), rows, heads)


@_part("民情", "opinion")
def opinions(known: Known) -> Part:
    """Return opinion items in hand, overdue and closed of late, and the oldest."""
    rows = known.rows("community/opinions")
    held, late = rows[rows["state"] != "已办结"], rows[rows["state"] == "逾期"]
    said: list[str | Phrase] = [
        "累计收到",
        known.figure("opinions_received"),
        f"，在办{len(held)}项",
    ]
    if len(late):
        said += ["，其中逾期", known.figure("opinions_open_overdue")]
    said.append(f"；近{RECENT_DAYS}天办结{len(rows) - len(held)}项")
    if known.figures["opinion_on_time_rate"].denominator:
        said += ["，本年按时办结", known.figure("opinion_on_time_rate")]
    if len(held):
        oldest = held.loc[held["received_on"].idxmin()]
        where = "" if words.is_missing(oldest["tier"]) else f"，在{oldest['tier']}"
        overdue = "" if words.is_missing(oldest["late"]) else f"，{oldest['late']}"
        said.append(
            f"。在办最久的是{oldest['category']}（{_day(oldest['received_on'])}收{where}{overdue}）"
        )
    heads = {
        "category": "类别", "state": "状态", "tier": "层级", "received_on": "受理", "due_on": "应办结",
        "late": "逾期", "closed_on": "办结", "channel": "来源", "opinion_id": "事项编号",
    }  # fmt: skip
    listed = f"在办和近{RECENT_DAYS}天办结的民情"
    return Part(_said(*said, "。"), ("项", listed), rows, heads, rows["state"] != "已办结")


@_part("议事", "forum_matter")
def agreements(known: Known) -> Part:
    """Return the matters of the residents' forums; the covenant is among what the community is known by."""
    rows = known.rows("community/matters")
    said: list[str | Phrase] = ["本年居民议事提出", known.figure("forum_matters")]
    held = rows[rows["open_days"].notna()]
    if len(held):
        oldest = held.iloc[0]
        said.append(f"；没有办成的{len(held)}件")
        if known.value("forum_waiting"):
            said += ["，其中超过90天的", known.figure("forum_waiting")]
        said.append(
            f"，最久的是{oldest['kind']}提出的{oldest['matter']}（{_day(oldest['held_on'])}）"
        )
    elif rows.empty:
        said = ["居民议事台账里没有这个社区的记录"]
    heads = {
        "matter": "事项", "kind": "形式", "held_on": "议事日期", "settled_on": "办成日期",
        "open_days": "未办成（天）", "held_at": "地点",
    }  # fmt: skip
    return Part(_said(*said, "。"), ("件", "议事事项"), rows, heads, rows["open_days"].notna())


@_part("活动", "activity")
def activities(known: Known) -> Part:
    """Return the activities of the last year."""
    rows = known.rows("community/activities")
    if rows.empty:
        return Part(_said("近一年没有办过活动。"))
    kinds = "、".join(f"{kind}{count}场" for kind, count in rows["kind"].value_counts().items())
    last = rows.iloc[0]
    said = (
        f"近一年活动{len(rows)}场、{rows['attendees'].sum():,}人次：{kinds}；"
        f"最近一场是{_day(last['held_on'])}的{last['title']}。"
    )
    heads = {
        "held_on": "日期", "kind": "类别", "title": "活动", "theme": "主题", "attendees": "人次",
    }  # fmt: skip
    return Part(_said(said), ("场", "活动"), rows, heads)


@_part("旧改", "renovation_project")
def renewal(known: Known) -> Part:
    """Return the renovation projects with their stage and money."""
    limits = get_metric("renovation_stalled").variant().params
    rows = known.view("renewal_projects", **limits)
    if rows.empty:
        return Part(_said("没有改造项目。"))
    order = ["is_over", "plan_year", "project_id"]
    rows = rows.sort_values(order, ascending=[True, False, True])
    done, stalled = int(rows["is_over"].sum()), rows[rows["is_stalled"]]
    said: list[str | Phrase] = [f"改造项目{len(rows)}个，已完成{done}个"]
    if len(stalled):
        said += ["，停滞", known.figure("renovation_stalled")]
    said += [
        "；计划总投资",
        known.figure("renovation_budget"),
        "，累计支付",
        known.figure("renovation_paid"),
    ]
    if known.value("lifts_in_use"):
        said += ["；加装电梯投用", known.figure("lifts_in_use")]
    going = rows[~rows["is_over"]]
    if len(going):
        named = [f"{one.project_name}（{one.stage}）" for one in going.itertuples()]
        said.append(f"。在进行的：{words.joined(named)}")
    heads = {
        "project_name": "项目", "category": "类别", "plan_year": "计划年度", "stage": "已到阶段",
        "since_on": "到达日期", "waited_days": "停留（天）", "is_stalled": "停滞", "households": "户数（户）",
        "budget_yuan": "计划总投资（万元）", "paid_yuan": "累计支付（万元）",
    }  # fmt: skip
    return Part(_said(*said, "。"), ("个", "改造项目"), rows, heads, rows["is_stalled"])


@_part("社区基金", "fund_entry")
def fund(known: Known) -> Part:
    """Return what the community fund was spent on there."""
    rows = known.rows("community/spent")
    if rows.empty:
        return Part(_said("没有得到过社区基金支持。"))
    themes = rows.groupby("theme")["amount_yuan"].sum().sort_values(ascending=False)
    spent = "、".join(f"{theme}{_wan(yuan)}" for theme, yuan in themes.items())
    last = rows.iloc[0]
    said = _said(
        f"累计支出{len(rows)}笔、",
        known.figure("fund_spent"),
        f"：{spent}；最近一笔是{_day(last['booked_on'])}的{last['item']}。"
        "收入记在全区，社区没有自己的结余。",
    )
    heads = {
        "booked_on": "入账日期", "theme": "主题", "element": "五社要素", "item": "用途",
        "amount_yuan": "金额（元）", "project_name": "所属项目",
    }  # fmt: skip
    return Part(said, ("笔", "基金支出"), rows, heads)


@_part("两新", "two_new_org")
def two_new(known: Known) -> Part:
    """Return the two-new organisations, the uncovered first, and the clusters they are in."""
    rows = known.view("two_new_list")
    if rows.empty:
        return Part(_said("两新组织台账里没有这个社区的在营组织。"))
    rows = rows.sort_values("cover", key=lambda cover: cover != "未覆盖", kind="stable")
    clusters = rows["cluster_name"].dropna()
    said: list[str | Phrase] = [
        f"两新组织{len(rows)}家，党组织覆盖",
        known.figure("two_new_coverage"),
    ]
    if known.value("two_new_gap"):
        said += ["，应建未建", known.figure("two_new_gap")]
    if len(clusters):
        said.append(f"；在{words.joined(list(clusters.unique()))}的有{len(clusters)}家")
    heads = {
        "org_name": "组织", "kind": "类别", "cover": "覆盖方式", "industry_name": "行业综合党委",
        "cluster_name": "集聚区", "opened_on": "成立", "covered_on": "覆盖日期",
    }  # fmt: skip
    return Part(_said(*said, "。"), ("家", "两新组织"), rows, heads, rows["cover"] == "未覆盖")


@_part("互助", "new_job_role", "carrier_month")
def help_at_hand(known: Known) -> Part:
    """Return new-job posts, the time bank, the points shop and meals delivered."""
    rows = known.view("riders_posts")
    rows = rows[rows["is_filled"]]
    said: list[str | Phrase] = ["新就业群体五类岗位到岗", known.figure("job_roles")]
    for metric, before in (
        ("time_bank_hours", "；时间银行本年存入"),
        ("points_used", "；积分超市本年兑换"),
        ("rider_meals", "；小哥本月义务送餐"),
    ):
        if known.value(metric):
            said += [before, known.figure(metric)]
    if not known.value("time_bank_hours") and known.has("carrier_month"):
        said.append("；本年没有时间银行的记录")
    heads = {"role": "岗位", "grid_name": "网格", "filled_on": "到岗日期"}
    return Part(_said(*said, "。"), ("个", "新就业岗位"), rows, heads)


@_part("四创与品牌", "brand", "demo_site", "covenant", "full_community_check")
def honours(known: Known) -> Part:
    """Return brand, awards, demonstration sites, covenant, and what the checklist lacks."""
    rows = known.rows("community/honours")
    lacking = list(rows.loc[rows["kind"] == LACKING, "thing"])
    live = rows[rows["ended_on"].isna() & (rows["kind"] != LACKING)]
    named = [f"{one.kind}“{one.thing}”" for one in live.itertuples() if one.kind != "居民公约"]
    said: list[str | Phrase] = [words.joined(named, 6) or "没有品牌、示范点，也没有入选过十大"]
    covenants = live[live["kind"] == "居民公约"]
    if len(covenants):
        last = covenants.iloc[0]
        said.append(f"；居民公约{_day(last['since_on'])}{last['thing']}")
    elif known.has("covenant"):
        said.append("；没有居民公约")
    if known.figures["full_items_rate"].denominator:
        said += ["；四创清单达标", known.figure("full_items_rate")]
        said.append(f"，还缺{words.joined(lacking, 4, '项')}" if lacking else "，不缺条目")
    heads = {"kind": "类别", "thing": "名称", "since_on": "自", "ended_on": "至"}
    listed = ("项", "品牌、示范点、公约和缺项")
    return Part(_said(*said, "。"), listed, rows, heads, rows["kind"] == LACKING)
