"""What the three pages find, each in one Chinese sentence."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure
from chunshui.month import Month

MOST_NAMED = 3
EVERY_CATEGORY = "各类"  # where too few of one category left a stage

METHOD = (
    "预测方法：找出过去在同一阶段也至少停留了同样天数的项目，看它们此后用了多少天完工"
    "（还没完工的按截尾计入，Kaplan–Meier），取10%、50%、90%分位为最早、最可能、最晚；"
    "可比项目里完工的不足10个就不作预测。几个项目合计的区间不是各自区间相加，是按各项目的这条曲线"
    "把完工日模拟一千次，取合计的10%、50%、90%分位。"
)

CAUTION = (
    "慎读：示范社区为数不多，且是选树出来的，本来就好的更可能被选上；区间以社区为单位计"
    "（95%，t分布），同一社区里的条目、民情、居民不是彼此独立的。差别显著也不等于示范的效果。"
)


def short_name(project_name: str) -> str:
    """Return a project's name without what every project is called."""
    name = project_name.replace("（", "(").split("(")[0]
    return (
        name.replace("老旧小区", "").removesuffix("改造").removesuffix("提升").removesuffix("完善")
    )


def stalled_sentence(projects: pd.DataFrame, scope: str) -> str:
    """Return how many projects are stalled and name up to three that are longest over their limit.

    `projects` is the view `renewal_projects`, which lists them in that order.
    """
    if projects.empty:
        return f"{scope}没有列入计划的改造项目。"
    columns = ["project_name", "stage", "waited_days", "over_days"]
    stuck = projects.loc[projects["is_stalled"], columns]
    done = projects["finished_on"].notna().sum()
    begun = int(projects["step"].notna().sum())
    declared = f"，已申报{begun:,}个" if begun < len(projects) else ""
    sentence = f"{scope}列入计划的改造项目{len(projects):,}个{declared}，完工{done:,}个"
    open_ended = int((standing(projects) & projects["usual_days"].isna()).sum())
    unsaid = f"；{open_ended}个所在阶段定不出用时界限，不判" if open_ended else ""
    if stuck.empty:
        none = "其余没有" if open_ended else "没有"
        return f"{sentence}{unsaid}，{none}停滞的项目。"
    first, most = _foremost(stuck["over_days"])
    names = "、".join(
        f"{short_name(row.project_name)}（{row.stage}后{int(row.waited_days):,}天，"
        f"超{int(row.over_days):,}天）"
        for row in stuck.head(first).itertuples()
    )
    sentence = f"{sentence}，停滞{len(stuck)}个"
    if len(stuck) == first:
        return f"{sentence}：{names}{unsaid}。"
    return f"{sentence}，{'超出同类用时界限最多的依次是' if most else '其中有'}{names}{unsaid}。"


def standing(projects: pd.DataFrame) -> pd.Series:
    """Return of each row of the view `renewal_projects` whether it has begun and not ended."""
    return projects["step"].notna() & ~projects["is_over"]


def usual_words(cohort: str, usual_days: float) -> str:
    """Return in how many days nine in ten of a cohort leave the stage: what 停滞 is measured by."""
    alike = "各类项目" if cohort == EVERY_CATEGORY else f"同类（{cohort}）项目"
    return f"{alike}九成在{usual_days:,.0f}天内进入下一阶段"


def limit_words(usual_days: float, cohort_size: float) -> str:
    """Return the limit of a stage in days, or why there is none: too few left it, too many wait."""
    if not words.is_missing(usual_days):
        return f"界限{usual_days:.0f}天"
    if words.is_missing(cohort_size):
        return "走完本阶段的项目太少，不判停滞"
    return "停在本阶段的项目太多，定不出界限"


def _foremost(values: pd.Series, most: int = MOST_NAMED) -> tuple[int, bool]:
    """Return how many of falling values to name, and whether they are the highest.

    No more than `most`, and none whose equal is left out; where the first so many are all alike
    and there are more of them, they are named as examples.
    """
    if len(values) <= most:
        return len(values), True
    above = int((values > values.iloc[most]).sum())
    return (above, True) if above else (most, False)


def project_sentence(one: pd.Series, forecasts: pd.DataFrame) -> str:
    """Return where one project stands, by how much over the limit, and when it may be finished.

    `one` is a row of the view `renewal_projects`, `forecasts` its forecast or no row.
    """
    facts = (
        f"{one['street_name']}{one['community_name']}，{one['category']}，{one['households']:,}户"
    )
    if one["is_over"]:
        return f"{facts}：{one['finished_on']:%Y年%-m月%-d日}完工，全部阶段已走完。"
    if words.is_missing(one["step"]):
        return f"{facts}：还没有申报。"
    sentence = f"{facts}：{one['stage']}后已停留{int(one['waited_days']):,}天"
    if one["is_stalled"]:
        sentence += (
            f"；{usual_words(one['cohort'], one['usual_days'])}，已超{int(one['over_days']):,}天"
        )
    elif words.is_missing(one["usual_days"]):
        sentence += f"，{limit_words(one['usual_days'], one['cohort_size'])}"
    if forecasts.empty:
        return f"{sentence}。"
    likely = forecasts.iloc[0]
    if pd.isna(likely["likely_on"]):
        return f"{sentence}；{likely['reason']}。"
    return f"{sentence}；最可能在{Month.of(likely['likely_on']).words}完工。"


def behind_sentence(gap: dict, unit: str, what: str) -> str:
    """Return how far what was done lies on an S-curve behind the plan (see `curves.behind_plan`).

    What is counted is written in full, with its exact difference: 55,654户 and 55,261户 are both
    about 5.6万. Money is written as everywhere, with the difference of what is written.
    """
    if unit == "元":
        planned = words.written(gap["planned"], unit, (gap["actual"],))
        actual = words.written(gap["actual"], unit, (gap["planned"],))
        done, due = actual.text, planned.text
        apart = words.size(words.difference(actual, planned), unit)
    else:
        done, due = (f"{gap[one]:,.0f}{unit}" for one in ("actual", "planned"))
        apart = f"{abs(gap['behind']):,.0f}{unit}"
    if done == due:
        return f"{what}{done}，与计划持平"
    if gap["behind"] < 0:
        return f"{what}{done}，比按计划应有的{due}多{apart}"
    # How long ago the plan stood there says nothing where only a remainder is to come.
    far = gap["behind"] > 0.05 * gap["planned"] and gap["months_late"]
    late = f"；{gap['months_late']}个月前按计划就应到这个数" if far else ""
    return f"{what}{done}，比按计划应有的{due}少{apart}{late}"


def by_month_sentence(projects: pd.DataFrame, milestone: str, until: pd.Timestamp) -> str:
    """Return how many projects and households were to reach a milestone by a day, and did."""
    parts = []
    for what, column in (("计划", "planned_on"), ("实际", "actual_on")):
        own = projects[projects[column] <= until]
        parts.append(f"{what}{milestone}{len(own):,}个、{own['households'].sum():,}户")
    return f"{'；'.join(parts)}。"


def fund_sentence(figures: dict[str, Figure], communities: pd.DataFrame, scope: str) -> str:
    """Return what the fund spent in scope and which communities received nothing."""
    spent = figures["fund_spent"].text
    nothing = list(communities.loc[communities["spent_yuan"] == 0, "community_name"])
    sentence = f"{scope}累计支出社区基金{spent}"
    if len(communities) == 1:
        return f"{sentence}。"
    reached = len(communities) - len(nothing)
    if not nothing:
        return f"{sentence}，{reached}个社区都得到过支持。"
    return f"{sentence}，先后惠及{reached}个社区；{words.joined(nothing)}从未得到支持。"


def sites_sentence(listed: pd.DataFrame, items: pd.DataFrame, scope: str) -> str:
    """Return how many sites there are, how many lack nothing, and what is lacked most."""
    alive = listed[listed["revoked_on"].isna()]
    if alive.empty:
        return f"{scope}没有在册的样板示范点。"
    whole = int((alive["lacking_items"] == 0).sum())
    cities = int((alive["level"] == "市级").sum())
    sentence = f"{scope}样板示范点{len(alive)}个（市级{cities}、区级{len(alive) - cities}）"
    if alive["lacking_items"].isna().all():
        return f"{sentence}，还没有四创清单核查记录。"
    sentence += f"，清单全部达标的{whole}个" if whole else "，尚无清单全部达标的"
    if unchecked := int(alive["lacking_items"].isna().sum()):
        sentence += f"，还没有核查的{unchecked}个"
    most = items["lacking_sites"].max()
    if most == 0:
        return f"{sentence}。"
    worst = list(items.loc[items["lacking_sites"] == most, "item_name"])
    if len(alive) == 1:
        return f"{sentence}；还有{len(worst)}项未达标：{words.joined(worst, MOST_NAMED, '项')}。"
    each = "各有" if len(worst) > 1 else "有"
    named = "、".join(worst) if len(worst) <= MOST_NAMED else f"{worst[0]}等{len(worst)}项"
    return f"{sentence}；示范社区未达标最多的条目是{named}，{each}{most}个示范社区未达标。"


def forecasts_sentence(forecasts: pd.DataFrame) -> str:
    """Return how many projects under way have a forecast and when half of these may be done."""
    if forecasts.empty:
        return "没有在建项目需要预测。"
    known = forecasts[forecasts["likely_on"].notna()]
    if known.empty:
        return f"{len(forecasts)}个未完工项目都没有足够的可比项目，不作预测。"
    middle = known["likely_on"].sort_values().iloc[(len(known) - 1) // 2]
    half = "其中一半" if len(known) > 1 else ""
    foreseen = f"预计{half}在{Month.of(middle).words}底前完工"
    left = len(forecasts) - len(known)
    if not left:
        return f"{len(forecasts)}个未完工项目，{foreseen}。"
    return (
        f"{len(forecasts)}个未完工项目中{len(known)}个可预测，{foreseen}；"
        f"{left}个停留太久或可比项目太少，不作预测。"
    )


def hits_sentence(rate: dict) -> str:
    """Return the result of the projects' back-test (see `forecast.hit_rate`)."""
    if not rate["forecasts"]:
        return "历史太短，还没有可以回测的预测。"
    return (
        f"过去{rate['forecasts']:,}次预测中，{words.percent(100 * rate['hit'])}的实际完工日落在"
        f"预测区间内（应为80%），半数预测的日期误差在{rate['error_days']:,.0f}天以内。"
    )


def hits_help(rate: dict) -> str:
    """Return how the projects' back-test was made and the rest of its result, or ""."""
    if not rate["forecasts"]:
        return ""
    hit, low, high, early, late, first = (
        words.percent(100 * rate[one])
        for one in ("hit", "hit_low", "hit_high", "early", "late", "first_hit")
    )
    return (
        f"回测逐月只用当时已知的数据，计{rate['projects']:,}个项目、区间已全部过去的预测：{hit}落在区间内，"
        f"{early}更早，{late}更晚。同一项目的几次预测彼此相像，以项目为单位的95%区间为{low}至{high}；"
        f"每个项目只看第一次预测，{first}落在区间内。区间宽度的中位数为{rate['width_days']:,.0f}天。"
    )


def totals_sentence(rate: dict) -> str:
    """Return the result of the back-test of the totals, in households (see `totals.hit_rate`)."""
    if not rate["totals"]:
        return "历史太短，合计的区间还不能回测。"
    return (
        f"过去{rate['totals']:,}次合计预测中，{words.percent(100 * rate['hit'])}的实际完工户数落在"
        "预测区间内（应为80%）。"
    )


def totals_help(rate: dict) -> str:
    """Return how the back-test of the totals was made and the rest of its result, or ""."""
    if not rate["totals"]:
        return ""
    below, above, whole = (
        words.percent(100 * rate[one]) for one in ("below", "above", "hit_in_all")
    )
    return (
        f"逐月预测其后各月完工的户数，与后来的实际相比：{below}少于区间，{above}多于区间。"
        f"合计只含当时可预测的项目；连同当时不作预测或还没有申报、后来完工的一起比，"
        f"{whole}落在区间内，看长远时要留出这一部分。"
    )


def lifts_sentence(listed: pd.DataFrame, scope: str) -> str:
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


def compared_sentence(comparisons: list) -> str:
    """Return on how many metrics demonstration communities really differ from the others.

    `comparisons` holds things with `metric` and `difference`, the interval of it.
    """
    sure = [
        one.metric.name for one in comparisons if one.difference[0] > 0 or one.difference[1] < 0
    ]
    if not sure:
        return f"{len(comparisons)}项指标里，示范社区与其他社区没有一项差别大到可以断定。"
    return f"{len(comparisons)}项指标里，{len(sure)}项差别可以断定（{'、'.join(sure)}），其余看不出差别。"
