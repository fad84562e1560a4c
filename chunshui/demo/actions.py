"""Tasks of the six actions, the theme years and the terms of the report."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.days import FIRST, LAST
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream
from chunshui.ledgers.contracts.organisation import ACTIONS

UNTIL = dt.date(2027, 6, 30)
TITLES = (
    "制定方案",
    "动员部署",
    "阵地达标",
    "骨干培训",
    "结对共建",
    "中期评估",
    "经验推广",
    "总结验收",
)
LEADS = ("区委组织部（示意）", "区委社会工作部（示意）", "区民政局（示意）", "区住更局（示意）")
EACH = 10
# Years are named in the report, in this order; when they began and ended is not: these are examples.
THEMES = {
    2024: "固本强基年（起止示意）",
    2025: "提质增效年（起止示意）",
    2026: "守正创新年（起止示意）",
}
LABELS = [
    ("365工作体系", "深化居民区治理365工作体系", None),
    ("四治联动", "以党建引领形成“四治联动”", None),
    ("1+4机制", "“1+4”机制", "党组织与群团组织、自治组织、经济组织、社会组织"),
    ("三种精神", "“闯码头、趟筏子、挑扁担”三种精神", None),
    ("红色朋友圈", "荣东社区形成“红色朋友圈”奏响“大合唱”", None),
    (
        "爬楼时代",
        "硚口区汉水桥街道营北等一批老旧社区“蝶变”幸福家园，让居民告别了“爬楼时代”",
        None,
    ),
    ("红色汉江湾", "围绕“红色汉江湾”主题，开展“湾”有引力系列活动", None),
    ("三个党建", "推动“质量党建、活力党建、品牌党建”落实落细", None),
    ("多中心合一", "按照“多中心合一、一中心多用”原则", None),
    ("红色细胞", "1292名楼栋党小组长、2026家党员中心户是活跃在基层的“红色细胞”", None),
    ("五句话", "党建引领、组织聚力、精准服务、赋能发展、融合治理", None),
]


def build() -> dict[str, pd.DataFrame]:
    """Table name → frame: action_task, theme_year and label."""
    return {
        "action_task": _tasks(),
        "theme_year": pd.DataFrame(
            {
                "theme_id": [f"ZT{n}" for n in range(1, len(THEMES) + 1)],
                "theme_name": list(THEMES.values()),
                "starts_on": [np.datetime64(f"{year}-01-01") for year in THEMES],
                "ends_on": [np.datetime64(f"{year}-12-31") for year in THEMES],
            }
        ),
        "label": pd.DataFrame(LABELS, columns=["term", "sentence", "meaning"]),
    }


def _tasks() -> pd.DataFrame:
    """Ten tasks of each action over the months of history and the half year after them."""
    draw = Stream("actions")
    rows = []
    days = (UNTIL - FIRST).days // EACH
    for action in ACTIONS:
        lead = draw.pick(LEADS)
        for n in range(EACH):
            planned = np.datetime64(FIRST) + int(days * (n + draw.one()))
            late = int(60 * draw.one() ** 2) if draw.one() < 0.25 else -int(20 * draw.one())
            done = planned + late
            title = f"{TITLES[n % len(TITLES)]}（第{n // len(TITLES) + 1}轮）"
            rows.append((action, title, lead, planned, done))
    table = pd.DataFrame(rows, columns=["action", "title", "lead_unit", "planned_on", "done_on"])
    table.insert(0, "task_id", [f"RW{k:02d}" for k in range(1, len(table) + 1)])
    stuck = TRUTHS["action_overdue"]
    row = table["task_id"] == stuck["task"]
    table.loc[row, "planned_on"] = np.datetime64(stuck["planned_on"])
    open_still = row | (table["done_on"] > np.datetime64(LAST))
    return table.assign(done_on=table["done_on"].mask(open_still))
