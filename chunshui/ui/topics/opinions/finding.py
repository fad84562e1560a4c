"""What the page of opinion items finds, in sentences: what is known, and what is within chance."""

from collections.abc import Mapping

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import wilson
from chunshui.opinions import flow
from chunshui.opinions.waiting import HORIZON_DAYS, Waiting
from chunshui.ui.data.remembering import beside
from chunshui.ui.topics.opinions import data

NAMED = 3
NO_FLOW = "没有民情流转台账，看不出各级收、转、结和在手。"
NO_BOARD = "没有揭榜领题台账，看不出发了哪些榜。"
ESTIMATED = "有的年份的放假安排不在工作日台账里，那一年的工作日按周末休息预估。"
WAITS_COUNTED = (
    f"近12个月到各级的事项，在手的一并计入：用时是半数、九成离开这一级所需的天数，平均停留只计前{HORIZON_DAYS}个日历日；"
    "只看已离开的会偏短，所以另列。"
)
STUCK_COUNTED = (
    f"近12个月同一级与其他街道相比，平均停留只计前{HORIZON_DAYS}个日历日。停留之差大到难以用偶然解释"
    "（已按比较的格数校正，错报的机会合计不超过5%），并且在手连月增多或待接占比偏高的，才称卡点；"
    f"经手不足{flow.FEWEST_VISITS}次的不判断。"
)


NO_CALLS = "这一数据版本没有民情回访台账，不知道办结以后是否解决、满意。"
ANSWERS_COUNTED = f"解决率、满意率只算接通的；括号里是95%区间：接通得少，区间就宽。接通不足{flow.FEWEST_VISITS}项的只列件数，不算率。"


def of_flow(
    balance: pd.DataFrame, held: pd.DataFrame, window: str, scope: str, *, named: bool = True
) -> str:
    """Say what lay there, came in, was closed and is in hand, and (`named`) which item is overdue the longest."""
    sums = balance.sum()
    if not sums[["opening", "received", "closing"]].any():
        return f"{window}{scope}没有收到民情，也没有在手的。"
    opening = f"期初在手{sums['opening']:,}项，" if sums["opening"] else ""
    sentence = (
        f"{window}{scope}{opening}收民情{sums['received']:,}项、办结{sums['closed']:,}项，"
        f"月末在手{sums['closing']:,}项"
    )
    late = held[held["is_late"]]
    if late.empty:
        return f"{sentence}{'，都没有逾期' if sums['closing'] else ''}。"
    longest = late[late["late_workdays"] == late["late_workdays"].max()]
    first = longest.iloc[0]
    days = first["late"]
    sentence += f"，其中逾期{len(late):,}项"
    if not named:
        return f"{sentence}。"
    if len(longest) > 1:
        return f"{sentence}；最久的{len(longest)}项已{days}。"
    street = first["street_name"] if len(set(held["street_code"])) > 1 else ""
    whose = f"{street}{first['community_name']}的一项{first['category']}"
    most = "是" if len(late) == 1 else "最久的是"
    return f"{sentence}，{most}{whose}，已{days}。"


@beside
def of_held(held: pd.DataFrame) -> str:
    """Say how many items are in hand, how many wait to be accepted, and how old they are."""
    if held.empty:
        return "本范围月末没有在手的民情。"
    pending = int((held["state"] == data.PENDING).sum())
    ages = held["age"].value_counts()
    parts = [f"{age}{ages[age]:,}项" for age in (data.NOT_DUE, *data.AGES) if ages.get(age)]
    waits = f"；其中{pending:,}项转来还没有受理" if pending else ""
    return f"月末在手{len(held):,}项：{'，'.join(parts)}{waits}。"


@beside
def of_stuck(rows: pd.DataFrame) -> str:
    """Say which tier of which street is a bottleneck; else that none is told from chance."""
    if rows.empty:
        return "卡在哪一级按街道判断；本范围近12个月没有可比的经手。"
    judged = rows[rows["is_judged"]]
    few = len(rows) - len(judged)
    unjudged = f"，另{few:,}处经手不足{flow.FEWEST_VISITS}次、不判断" if few else ""
    one_street = len(set(rows["street_code"])) == 1
    longer = rows[rows["is_longer"]]
    if longer.empty:
        none = "没有哪一级" if one_street else "没有哪个街道的哪一级"
        if judged.empty:
            return f"各级经手都不足{flow.FEWEST_VISITS}次，不判断卡在哪里。"
        within = f"可比的{len(judged):,}处之差都在偶然波动之内"
        return f"只看停留天数，{none}明显长于别处：{within}{unjudged}。"
    said = [of_longer(longer, one_street)]
    if rest := len(judged) - len(longer):
        said.append(f"其余可比的{rest:,}处在偶然波动之内")
    return f"{'；'.join(said)}{unjudged}。"


def of_longer(longer: pd.DataFrame, one_street: bool) -> str:
    """Name the tiers of streets that keep items longer than chance allows, bottlenecks first."""
    said = []
    for verb, found in (
        ("卡点是", longer[longer["is_stuck"]]),
        ("停留偏长、未见积压的是", longer[~longer["is_stuck"]]),
    ):
        named = [
            f"{'' if one_street else row.street_name}{row.tier}一级"
            f"（每项平均多停{row.excess:.1f}个日历日，待接占{words.percent(100 * row.pending)}）"
            for row in found.itertuples()
        ]
        said += [f"{verb}{words.joined(named, NAMED, '处')}"] if named else []
    return "；".join(said)


def of_waits(waits: Mapping[str, tuple[Waiting, pd.Series]]) -> str:
    """Say how long items stay at each tier that had enough of them; items differ, so none is called slow."""
    said = [
        f"{tier}{known.mean:.1f}个日历日"
        for tier, (known, _) in waits.items()
        if known.visits >= flow.FEWEST_VISITS
    ]
    if not said:
        return f"近12个月各级经手都不足{flow.FEWEST_VISITS}次，不算平均停留。"
    return f"近12个月平均停留：{'，'.join(said)}。各级办的事难易不同，不作快慢比较。"


def of_returns(pairs: pd.DataFrame, window: str) -> str:
    """Say how many times items were sent back, and which tier does so with the largest part."""
    back = int(pairs["back"].sum())
    if not back:
        return f"{window}没有退回。"
    said = f"{window}共退回{back:,}次"
    enough = pairs[(pairs["ended"] >= flow.FEWEST_VISITS) & (pairs["back"] > 0)]
    if len(enough) > 1:
        named = [
            f"{row.tier}退{row.below}（{row.back:,}/{row.ended:,}次，{words.percent(row.share)}）"
            for row in enough.sort_values("share", ascending=False, kind="stable").itertuples()
        ]
        if beyond_others(enough):
            said += f"；退回占比明显最高的是{named[0]}"
        else:
            said += f"；各级退回占比之差在偶然波动之内：{'、'.join(named)}"
    return f"{said}。"


def beyond_others(pairs: pd.DataFrame) -> bool:
    """Whether the largest share of sent back lies beyond the others: no interval reaches into its own."""
    ends = [wilson(row.back / row.ended, row.ended) for row in pairs.itertuples()]
    top = max(range(len(ends)), key=lambda at: pairs["share"].iloc[at])
    return all(high < ends[top][0] for at, (_, high) in enumerate(ends) if at != top)


@beside
def of_repeats(rows: pd.DataFrame, window: str) -> str:
    """Say how many items are entered as repeats, and where the same is asked again most often.

    `rows` are those of `data.repeated`.
    """
    if rows.empty:
        return f"{window}没有登记为重复件的民情。"
    said = f"{window}登记为重复件的{rows['repeats'].sum():,}项"
    most = rows[rows["repeats"] == rows["repeats"].max()]
    if len(most) == len(rows):
        return f"{said}，没有哪个小区的同一类事重复得更多。" if len(rows) > 1 else f"{said}。"
    named = [
        f"{row.community_name}{'' if pd.isna(row.neighbourhood_name) else row.neighbourhood_name}"
        f"的{row.category}"
        for row in most.itertuples()
    ]
    return (
        f"{said}，重复最多的是{words.joined(named, NAMED, '处')}，{most['repeats'].iloc[0]:,}次。"
    )


def of_answers(rows: pd.DataFrame, window: str) -> str:
    """Say of how many closed items the callbacks reached somebody, and what was answered."""
    sums = rows.sum(numeric_only=True)
    if rows.empty or not sums["called"]:
        return f"{window}没有回访。"
    said = f"{window}办结{sums['closed']:,}项，回访{sums['called']:,}项，接通{sums['reached']:,}项"
    if not sums["reached"]:
        return f"{said}。"
    return f"{said}，其中{sums['solved']:,}项说已解决，{sums['satisfied']:,}项说满意。"


def of_paths(paths: pd.DataFrame, closed: int, window: str) -> str:
    """Say what the flow counts, how many of it were passed on, and how that makes all that was `closed`."""
    received = int(paths["items"].sum())
    if not received:
        return f"{window}没有收到民情。"
    stayed = int(paths.loc[paths["first"] == paths["furthest"], "items"].sum())
    done = int(paths.loc[paths["outcome"] == data.CLOSED, "items"].sum())
    earlier = closed - done
    rest = f"；同期办结{closed:,}项，另{earlier:,}项是期初在手的，不在图内" if earlier else ""
    return (
        f"流向只计{window}收到的{received:,}项：办结{done:,}项、在手{received - done:,}项，"
        f"其中{stayed:,}项没有上报、在收件的一级办理，{received - stayed:,}项上报过{rest}。"
    )


def of_item(row: pd.Series) -> str:
    """Say of one item in hand where it lies, since when, and until when it should be closed."""
    late = f"，已{row['late']}" if row["is_late"] else ""
    return (
        f"{row['category']}（{row['channel']}）；{_lying(row)}；"
        f"应于{row['due_on']:%Y-%m-%d}办结{late}。"
    )


def _lying(row: pd.Series) -> str:
    """Say at which tier an item lies, how long, and whether it was overdue when it got there."""
    came = "，转来时已逾期" if row["came_on"] > row["due_on"] else ""
    return f"{row['tier']}一级{row['state']}{row['days']:,}个日历日{came}"


def of_challenges(rows: pd.DataFrame, posted: pd.DataFrame, year: str) -> str:
    """Say how many matters were posted and taken on, what nobody takes on, and what is overdue.

    `rows` are all matters known, `posted` those of the year.
    """
    if rows.empty:
        return "本范围没有发榜的事项。"
    modes = posted["mode"].value_counts()
    kinds = [f"{mode}{modes.get(mode, 0):,}项" for mode in data.MODES]
    said = [
        f"{year}发榜{len(posted):,}项，其中{'、'.join(kinds)}" if len(posted) else f"{year}没有发榜"
    ]
    waiting = rows[rows["state"] == data.UNCLAIMED]
    if waiting.empty:
        said.append("发榜的都有人领")
    else:
        longest = waiting[waiting["unclaimed_days"] == waiting["unclaimed_days"].max()]
        names = [f"{row.street_name}的“{row.title}”" for row in longest.itertuples()]
        most = "是" if len(waiting) == len(longest) else "最久的是"
        named, days = (
            words.joined(names, NAMED, "项"),
            f"已{longest['unclaimed_days'].iloc[0]:,}个日历日",
        )
        said.append(f"还没有人领的{len(waiting):,}项，{most}{named}，{days}")
    under_way = rows["state"].isin([data.LATE, data.UNDER_WAY]).sum()
    late = (rows["state"] == data.LATE).sum()
    said.append(f"在办{under_way:,}项" + (f"（其中逾期{late:,}项）" if late else ""))
    return f"{'；'.join(said)}。"


def of_left_out(count: int) -> str:
    """Say how many items are in no box of the ladder; "" where all are."""
    return f"另有{count:,}项流转记录接不上，不计入四级，见“数据质量”。" if count else ""
