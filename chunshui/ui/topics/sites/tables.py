"""Tables of the demonstration sites and the checklist as they are shown."""

import pandas as pd

from chunshui import words
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.sites import data
from chunshui.ui.topics.sites.data import Compared
from chunshui.ui.widgets.tables import LEDGER, headed

SIGNS = {"未达标": "▲ 未达标", "未核查": "— 未核查", "达标": "● 达标", "不适用": "○ 不适用"}
DIMENSIONS = {
    "complete": "完整社区",
    "happy": "幸福社区",
    "civil": "文明社区",
    "safe": "平安社区",
}
ITEMS = {
    "dimension": "维度", "domain": "领域", "item_name": "条目", "lacking": "未达标社区",
    "lacking_sites": "其中示范社区", "met": "达标社区", "not_applicable": "不适用",
    "standard": "标准", "mark": "可信程度", "basis": "依据",
}  # fmt: skip
COVENANTS = {
    "community_name": "社区", "street_name": "街道", "state": "居民公约", "meeting": "通过的会议",
    "adopted_on": "通过日期", "filed_on": "备案日期", **LEDGER,
}  # fmt: skip
MATTERS = {
    "matter": "事项", "kind": "形式", "community_name": "社区", "street_name": "街道", "held_on": "议事日期",
    "settled_on": "办成日期", "open_days": "未办成（天）", "held_at": "地点", **LEDGER,
}  # fmt: skip


@remembered(256)
def sites(scope: Scope) -> pd.DataFrame:
    """Return the demonstration sites with what their community lacks."""
    rows = data.sites(scope)
    heads = {
        "community_name": "社区", "level": "级别", "met_text": "达标/适用", "lacking": "还缺什么",
        "street_name": "街道", "checked_on": "最近核查", "named_on": "命名", "revoked_on": "摘牌",
        "site_name": "示范点",
    }  # fmt: skip
    return headed(rows.assign(met_text=_of(rows["met"], rows["applicable"])), heads | LEDGER)


def counted(rows: pd.DataFrame) -> str:
    """Say how many of the sites listed are in force, and how many are not any more."""
    ended = int(rows["revoked_on"].notna().sum())
    rest = f"，另{ended}个已摘牌、排在最后" if ended else ""
    return f"现有{len(rows) - ended}个，缺得多的在前{rest}"


def _of(met: pd.Series, applicable: pd.Series) -> list[str]:
    """Return "met/applicable" of each row, a dash where nothing was checked."""
    pairs = zip(met, applicable, strict=True)
    return [words.MISSING if words.is_missing(n) else f"{n:.0f}/{d:.0f}" for n, d in pairs]


@remembered(256)
def dimensions(scope: Scope) -> pd.DataFrame:
    """Return the four dimensions by community as "met/applicable"."""
    rows = data.dimensions(scope)
    texts = {key: _of(rows[f"{key}_met"], rows[f"{key}_applicable"]) for key in DIMENSIONS}
    heads = {"community_name": "社区", "street_name": "街道", "is_demo": "有示范点"}
    return headed(rows.assign(**texts), heads | DIMENSIONS | {"lacking_items": "还缺（项）"})


def checklist(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one community's checklist, what is lacking first."""
    order = list(SIGNS)
    rows = rows.sort_values("result", key=lambda results: results.map(order.index), kind="stable")
    heads = {
        "dimension": "维度", "item_name": "条目", "sign": "结果", "measured": "实测",
        "standard": "标准", "mark": "标准可信程度", "checked_on": "核查日期",
    }  # fmt: skip
    texts = {"sign": rows["result"].map(SIGNS), "measured": _measured(rows)}
    return headed(rows.assign(**texts), heads | LEDGER)


def _measured(rows: pd.DataFrame) -> list[str]:
    """Return what was measured with its unit, a dash where nothing was."""
    return [
        words.MISSING
        if words.is_missing(value)
        else f"{value:,.0f}{'㎡' if unit == '平方米' else unit}"
        for value, unit in zip(rows["measured"], rows["unit"], strict=True)
    ]


def lacking(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the communities that lack one item."""
    heads = {
        "community_name": "社区",
        "street_name": "街道",
        "is_demo": "有示范点",
        "measured": "实测",
        "checked_on": "核查日期",
    }
    return headed(rows.assign(measured=_measured(rows)), heads | LEDGER)


def compared(metrics: list[Compared]) -> pd.DataFrame:
    """Return demonstration communities beside the others, with how many each share rests on."""
    rows = []
    for one in metrics:
        cells = {"指标": one.metric.name}
        for name, share in (("示范社区", one.ours), ("其他社区", one.others)):
            low, high = 100 * share.low, 100 * share.high
            value = words.percent(100 * share.value)
            cells[name] = f"{value}（{low:.0f}–{high:.0f}%，{share.places}个）"
        low, high = 100 * one.difference[0], 100 * one.difference[1]
        difference = 100 * (one.ours.value - one.others.value)
        cells["相差（百分点）"] = f"{difference:+.1f}（{low:+.0f}至{high:+.0f}）"
        cells["判断"] = "可以断定" if low > 0 or high < 0 else "看不出差别"
        rows.append(cells)
    return pd.DataFrame(rows)
