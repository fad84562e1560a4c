"""What the three pages find, each in one Chinese sentence."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure

METHOD = (
    "预测方法：找出过去在同一阶段也至少停留了同样天数的项目，看它们此后用了多少天完工"
    "（还没完工的按截尾计入，Kaplan–Meier），取10%、50%、90%分位为最早、最可能、最晚；"
    "可比项目里完工的不足10个就不作预测。"
)

CAUTION = (
    "慎读：示范社区只有二十来个，且是选树出来的，本来就好的更可能被选上；区间以社区为单位计"
    "（95%，t分布），同一社区里的条目、民情、居民不是彼此独立的。差别显著也不等于示范的效果。"
)


def short(project_name: str) -> str:
    """Return a project's name without what every project is called."""
    name = project_name.replace("（", "(").split("(")[0]
    return (
        name.replace("老旧小区", "").removesuffix("改造").removesuffix("提升").removesuffix("完善")
    )


def stalled(projects: pd.DataFrame, scope: str) -> str:
    """Return how many projects are stalled and name the three longest over their limit.

    `projects` is the view `renewal_projects`, which lists them in that order.
    """
    if projects.empty:
        return f"{scope}没有列入计划的改造项目。"
    stuck = projects.loc[projects["is_stalled"], ["project_name", "stage", "waited_days"]]
    done = projects["finished_on"].notna().sum()
    sentence = f"{scope} {len(projects)}个改造项目，完工{done}个"
    if stuck.empty:
        return f"{sentence}，没有项目停留超过同类九成用时。"
    names = [
        f"{short(row.project_name)}（{row.stage}后{int(row.waited_days):,}天）"
        for row in stuck.head(3).itertuples()
    ]
    return f"{sentence}，停滞{len(stuck)}个；超过同类界限最多的是{'、'.join(names)}。"


def project(one: pd.Series, forecasts: pd.DataFrame) -> str:
    """Return where one project stands, by how much over the limit, and when it may be finished.

    `one` is a row of the view `renewal_projects`, `forecasts` its forecast or no row.
    """
    facts = (
        f"{one['street_name']}{one['community_name']}，{one['category']}，{one['households']:,}户"
    )
    if one["is_over"]:
        return f"{facts}：全部阶段已走完，{one['finished_on']:%Y-%m-%d}完工。"
    if words.is_missing(one["step"]):
        return f"{facts}：还没有申报。"
    sentence = f"{facts}：{one['stage']}后已停留{int(one['waited_days']):,}天"
    if one["is_stalled"]:
        sentence += f"，比{one['cohort']}项目九成用时多{int(one['over_days']):,}天"
    if forecasts.empty:
        return f"{sentence}。"
    likely = forecasts.iloc[0]
    if pd.isna(likely["likely_on"]):
        return f"{sentence}；{likely['reason']}。"
    return f"{sentence}；最可能{likely['likely_on']:%Y-%m}完工。"


def behind(gap: dict, unit: str, what: str) -> str:
    """Return how far what was done lies on an S-curve behind the plan (see `curves.behind_plan`)."""
    planned, actual = words.number(gap["planned"], unit), words.number(gap["actual"], unit)
    if gap["behind"] <= 0:
        return f"{what} {actual}，不少于计划的{planned}"
    late = f"，约落后{gap['months_late']}个月" if gap["months_late"] else ""
    return f"{what} {actual}，计划{planned}，差{words.number(gap['behind'], unit)}{late}"


def by_month(projects: pd.DataFrame, milestone: str, until: pd.Timestamp) -> str:
    """Return how many projects and households were to reach a milestone by a day, and did."""
    parts = []
    for what, column in (("计划", "planned_on"), ("实际", "actual_on")):
        own = projects[projects[column] <= until]
        parts.append(f"{what}{milestone} {len(own):,}个、{own['households'].sum():,}户")
    return f"{'；'.join(parts)}。"


def fund(figures: dict[str, Figure], communities: pd.DataFrame, scope: str) -> str:
    """Return what the fund spent in scope and which communities received nothing."""
    spent = figures["fund_spent"].text
    nothing = list(communities.loc[communities["spent_yuan"] == 0, "community_name"])
    sentence = f"{scope}累计支出社区基金{spent}，到达{len(communities) - len(nothing)}个社区"
    if not nothing:
        return f"{sentence}，没有社区落空。"
    return f"{sentence}；{words.joined(nothing)}从未得到支持。"


def sites(listed: pd.DataFrame, items: pd.DataFrame, scope: str) -> str:
    """Return how many sites there are, how many lack nothing, and what is lacked most."""
    alive = listed[listed["revoked_on"].isna()]
    if alive.empty:
        return f"{scope}没有在册的样板示范点。"
    whole = int((alive["lacking_items"] == 0).sum())
    cities = int((alive["level"] == "市级").sum())
    sentence = f"{scope}样板示范点{len(alive)}个（市级{cities}、区级{len(alive) - cities}）"
    if alive["lacking_items"].isna().all():
        return f"{sentence}，还没有四创清单核查记录。"
    sentence += f"，清单全部达标的{whole}个"
    worst = items.loc[items["lacking_sites"].idxmax()]
    if worst["lacking_sites"] == 0:
        return f"{sentence}。"
    return f"{sentence}；示范点最缺的是{worst['item_name']}，{worst['lacking_sites']}个社区未达标。"


def forecasts(forecasts: pd.DataFrame) -> str:
    """Return how many projects under way have a forecast and when half of these may be done."""
    if forecasts.empty:
        return "没有在建项目需要预测。"
    known = forecasts[forecasts["likely_on"].notna()]
    if known.empty:
        return f"{len(forecasts)}个未完工项目都没有足够的可比项目，不作预测。"
    middle = known["likely_on"].sort_values().iloc[(len(known) - 1) // 2]
    sentence = f"{len(forecasts)}个未完工项目中{len(known)}个可预测，一半可能在{middle:%Y-%m}前完工"
    left = len(forecasts) - len(known)
    return f"{sentence}；{left}个停得太久或可比项目太少，不作预测。" if left else f"{sentence}。"


def hits(rate: dict) -> str:
    """Return a back-test's result (see `forecast.hit_rate`)."""
    if not rate["forecasts"]:
        return "历史太短，还没有可以回测的预测。"
    return (
        f"回测：逐月只用当时已知的数据预测，区间已全部过去的{rate['forecasts']:,}次"
        f"（{rate['projects']}个项目）里，{rate['hit']:.1%}落在区间内（应为80%），"
        f"{rate['early']:.1%}更早、{rate['late']:.1%}更晚；"
        f"区间宽度中位数{rate['width_days']:.0f}天，最可能日期误差中位数{rate['error_days']:.0f}天。"
    )


def lifts(listed: pd.DataFrame, scope: str) -> str:
    """Return how many lifts are in use and under way, and name those that lack one household."""
    if listed.empty:
        return f"{scope}没有申请加装电梯的楼栋。"
    used = int((listed["standing"] == "投用").sum())
    sentence = f"{scope}加装电梯投用{used}部，在办{len(listed) - used}部"
    near = listed[(listed["standing"] == "征询中") & (listed["short_households"] == 1)]
    names = list(near["elevator_name"].str.removesuffix("加装电梯"))
    return (
        f"{sentence}；{words.joined(names)}只差一户同意。"
        if names
        else f"{sentence}，没有只差一户的。"
    )


def shortage(households: float, square_metres: float) -> str:
    """Return what a lift's consent still lacks: "还差1户 / 16.5㎡"."""
    if words.is_missing(households):
        return "没有施行中的规则"
    if households <= 0 and square_metres < 0.005:
        return "已达标"
    return f"还差{int(households)}户 / {square_metres:,.1f}㎡"


def compared(comparisons: list) -> str:
    """Return on how many metrics demonstration communities really differ from the others.

    `comparisons` holds things with `metric` and `difference`, the interval of it.
    """
    sure = [
        one.metric.name for one in comparisons if one.difference[0] > 0 or one.difference[1] < 0
    ]
    if not sure:
        return f"{len(comparisons)}项指标里，示范社区与其他社区没有一项差别大到可以断定。"
    return f"{len(comparisons)}项指标里，{len(sure)}项差别可以断定（{'、'.join(sure)}），其余看不出差别。"
