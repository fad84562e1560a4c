"""What stands around the renovation ledgers: stages, the four-fold checklist, fund projects."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.days import LAST, between
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

MILESTONES = ("开工", "完工", "验收")

STANDARD = "完整居住社区建设标准（试行）2020年，6个领域20项；条目与数值凭记忆，未核对"
STATION = STANDARD + "；湖北2023年8月征求意见稿为不小于1000平方米"
GROUND = "完整居住社区建设标准（试行）2020年；数值见于转载"
OWN = "条目未见公开文件，仅供演示，请按本区文件替换"

# domain, item, standard, threshold in square metres, share of communities that meet it.
COMPLETE = [
    ("基本公共服务", "社区综合服务站", "建筑面积不小于800平方米", 800, 0.66),
    ("基本公共服务", "幼儿园", "不小于6班，建筑面积不小于2200平方米", 2_200, 0.70),
    ("基本公共服务", "托儿所", "建筑面积不小于200平方米", 200, 0.42),
    ("基本公共服务", "老年服务站", "建筑面积不小于350平方米", 350, 0.58),
    ("基本公共服务", "社区卫生服务站", "建筑面积不小于120平方米", 120, 0.79),
    ("便民商业服务", "综合超市", "建筑面积不小于300平方米", 300, 0.91),
    ("便民商业服务", "邮件和快件寄递服务设施", "有智能信包箱、快件箱", None, 0.93),
    ("便民商业服务", "其他便民商业网点", "有药店、维修等网点", None, 0.95),
    ("市政配套", "水电路气热信等设施", "设施完好、运行正常", None, 0.74),
    ("市政配套", "停车及充电设施", "有停车位与充电设施", None, 0.40),
    ("市政配套", "慢行系统", "步行与骑行道连贯", None, 0.57),
    ("市政配套", "无障碍设施", "出入口与公共空间有坡道、扶手", None, 0.50),
    ("市政配套", "环境卫生设施", "有垃圾分类收集点与公共厕所", None, 0.84),
    ("公共活动空间", "公共活动场地", "面积不小于150平方米", 150, 0.76),
    ("公共活动空间", "公共绿地", "面积不小于4000平方米", 4_000, 0.45),
    ("物业管理", "物业服务", "物业服务全覆盖", None, 0.72),
    ("物业管理", "物业管理服务平台", "有平台并在用", None, 0.48),
    ("管理机制", "管理机制", "党组织领导的社区管理机制健全", None, 0.94),
    ("管理机制", "综合管理服务", "城市管理进社区", None, 0.81),
    ("管理机制", "社区文化", "有文化活动与居民公约", None, 0.88),
]
OTHERS = {
    "幸福社区": [("助餐服务", 0.72), ("居家养老上门服务", 0.55), ("托育服务", 0.44), ("文体活动", 0.86), ("就业帮扶", 0.68)],
    "文明社区": [("居民公约上墙", 0.90), ("志愿服务队", 0.87), ("楼道整洁", 0.63), ("文明养犬", 0.58), ("邻里活动", 0.82)],
    "平安社区": [("夜间照明", 0.77), ("消防通道畅通", 0.52), ("电动车充电棚", 0.61), ("矛盾纠纷调解", 0.89), ("反诈宣传", 0.92)],
}  # fmt: skip
DOES_NOT_APPLY = {"幼儿园": 0.05, "公共绿地": 0.04, "电动车充电棚": 0.03}

# The rounds of checking: first and last day.
ROUNDS = [(dt.date(2024, 3, 4), dt.date(2024, 8, 30)), (dt.date(2026, 3, 2), dt.date(2026, 9, 25))]


def build(
    stages: list[str], communities: pd.DataFrame, fund: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Table name → frame for the ledgers of the programmes.

    `stages` are those of a renovation project in order, `fund` is the ledger `fund_entry`.
    """
    items = _items()
    projects, entries = _fund_projects(communities, fund)
    return {
        "renovation_step": pd.DataFrame(
            {
                "stage": stages,
                "position": range(1, len(stages) + 1),
                "milestone": [stage if stage in MILESTONES else None for stage in stages],
            }
        ),
        "full_community_item": items.drop(columns="share"),
        "full_community_check": _checks(items, communities),
        "fund_project": projects,
        "fund_project_entry": entries,
    }


def _items() -> pd.DataFrame:
    """The checklist: twenty items of the complete community, five of each other kind."""
    rows = []
    for domain, name, standard, threshold, share in COMPLETE:
        basis = {"社区综合服务站": STATION, "公共活动场地": GROUND}.get(name, STANDARD)
        mark = "转载" if basis == GROUND else "凭记忆"
        rows.append(("完整社区", domain, name, standard, threshold, mark, basis, share))
    for dimension, own in OTHERS.items():
        for name, share in own:
            rows.append((dimension, "演示条目", name, "有并正常运行", None, "未查到", OWN, share))
    columns = "dimension domain item_name standard threshold mark basis share"
    table = pd.DataFrame(rows, columns=columns.split())
    table["unit"] = ["平方米" if known else None for known in table["threshold"].notna()]
    table.insert(0, "item_id", [f"TM{k:02d}" for k in range(1, len(table) + 1)])
    return table


def _checks(items: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """Two rounds of checking every item in every community; what was lacking is partly mended."""
    whole = TRUTHS["community_meets_all_items"]["community"]
    gap = TRUTHS["demo_community_with_gaps"]
    stale = TRUTHS["community_not_checked_again"]["community"]
    passed = TRUTHS["item_passed_below_standard"]
    shares = items["share"].to_numpy()
    n = len(items)
    rows = []
    for code in communities["community_code"]:
        draw = Stream("checklist", code)
        level = draw.normal(1)[0] * 0.10 + (0.16 if code == gap["community"] else 0)
        never = draw.many(n) < [DOES_NOT_APPLY.get(name, 0) for name in items["item_name"]]
        met = draw.many(n) < np.clip(shares - 0.06 + level, 0.03, 0.97)
        for turn, (first, last) in enumerate(ROUNDS):
            if turn:
                met = met | (draw.many(n) < 0.16)
                if code == whole:
                    met = np.ones(n, bool)
                elif code == gap["community"]:
                    met = ~items["item_name"].isin(gap["items"]).to_numpy()
                elif (met | never).all():
                    met[2] = False
            day = between(draw, 1, first, last)[0]
            size = draw.lognormal(n, 0.25)
            if turn and code == stale:
                continue
            for k, item in enumerate(items.itertuples()):
                result = "不适用" if never[k] else "达标" if met[k] else "未达标"
                measured = None
                if item.threshold == item.threshold and result != "不适用":
                    high = item.threshold * max(size[k] * 1.3, 1.0)
                    measured = round(high if met[k] else item.threshold * min(size[k], 1.25) * 0.62)
                if turn and code == passed["community"] and item.item_name == passed["item"]:
                    result, measured = "达标", round(item.threshold * 0.6)
                rows.append((code, item.item_id, result, measured, day))
    columns = ["community_code", "item_id", "result", "measured", "checked_on"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.sort_values(["checked_on", "community_code", "item_id"], ignore_index=True)
    table.insert(0, "check_id", [f"HC{k:05d}" for k in range(1, len(table) + 1)])
    return table


def _fund_projects(
    communities: pd.DataFrame, fund: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each community's spending on a theme within a year is one project; all but one entry."""
    draw = Stream("fund projects")
    names = communities.set_index("community_code")["stem"]
    late = TRUTHS["fund_project_undelivered"]
    loose = fund["entry_id"] == TRUTHS["fund_without_project"]["entry"]
    out = fund[(fund["direction"] == "支出") & ~loose]
    out = out.assign(year=out["booked_on"].dt.year)
    last = np.datetime64(LAST)
    rows: list[tuple] = []
    links: list[tuple[str, str]] = []
    for (code, theme, year), group in out.groupby(["community_code", "theme", "year"], sort=True):
        project = f"JX{len(rows) + 1:03d}"
        spent = int(group["amount_yuan"].sum())
        item = group.sort_values("amount_yuan")["item"].iloc[-1]
        days = group["booked_on"].to_numpy().astype("datetime64[D]")
        begun = days.min() - int(draw.one(5, 40))
        due = max(days.max(), begun + 45) + int(draw.one(20, 150))
        delivered = max(due + int(draw.normal(1)[0] * 24) - 12, begun + 20)
        if project == late["project"]:
            due = np.datetime64(late["due_on"])
        open_ = delivered > last or project == late["project"]
        served = int(max(1, spent // 45) * draw.one(0.5, 1.6))
        planned = -(-int(spent * draw.one(1.0, 1.25)) // 100) * 100
        outcome: tuple = (np.datetime64("NaT"), None, None)
        if not open_:
            outcome = (delivered, f"{item}{max(1, served // 40)}场次", served)
        name, element = f"{names[code]}{year}年{theme}（{item}）", group["element"].mode().iloc[0]
        rows.append((project, name, code, theme, element, planned, begun, due, *outcome))
        links += [(entry, project) for entry in group["entry_id"]]
    columns = ["project_id", "project_name", "community_code", "theme", "element", "planned_yuan"]
    columns += ["started_on", "due_on", "delivered_on", "deliverable", "served"]
    entries = pd.DataFrame(links, columns=["entry_id", "project_id"])
    return pd.DataFrame(rows, columns=columns), entries.sort_values("entry_id", ignore_index=True)
