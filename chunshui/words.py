"""The glossary as data: Chinese labels of columns, and numbers written as officials write them.

Everything on screen, in a template and in an export takes its labels and number formats from
here. `label` turns a column name into Chinese; `number` writes a value with its unit
(`34.9亿元`, `53.0万人`, `1,292名`, `92.4%`); what is missing is `—`, never 0.
"""

import datetime as dt
import math
from dataclasses import dataclass

MISSING = "—"
CHINA = dt.timezone(dt.timedelta(hours=8))

# How a figure stands to its target, a published figure to the computed one; with shapes beside
# the words in `drawing.theme`.
REACHED, NEAR, MISSED, NO_TARGET, NO_DATA = "达标", "接近", "未达标", "无目标", "无数据"
AGREES, DIFFERS, UNCLEAR = "一致", "不一致", "口径不明"
# How grave what a check finds is (an error stops a publish), how urgent what needs attention is.
SEVERITIES = ERROR, WARNING, NOTE = "错误", "警告", "提示"
URGENCIES = "紧急", "关注", "提示"

DEMONSTRATION_MARK = "演示数据"
DEMONSTRATION = f"{DEMONSTRATION_MARK}（合成，非真实统计）"

# Units whose numbers grow long: written with 万 from ten thousand, with 亿 from a hundred million.
_LARGE = {"元", "人", "人次", "户", "平方米", "元/户", "元/人"}
_WAN, _YI = 10_000, 100_000_000


@dataclass(frozen=True)
class Word:
    """What a column is called on screen, and the unit its numbers carry."""

    label: str
    unit: str | None = None


COLUMNS: dict[str, Word] = {
    # keeping
    "file_name": Word("台账文件"),
    "sheet_name": Word("工作表"),
    "source_row": Word("行号"),
    "row_no": Word("行号"),
    "source_id": Word("来源编号"),
    "ledger_name": Word("台账"),
    "ledger_id": Word("台账编号"),
    "sha256": Word("文件指纹"),
    "bytes": Word("文件大小", "字节"),
    "nature": Word("数据性质"),
    "crs": Word("坐标系"),
    "row_total": Word("总行数", "行"),
    "row_used": Word("入库行数", "行"),
    "fate": Word("去向"),
    # places
    "district_name": Word("行政区"),
    "street_code": Word("街道代码"),
    "street_name": Word("街道"),
    "community_code": Word("社区代码"),
    "community_name": Word("社区"),
    "place_code": Word("代码"),
    "place_name": Word("地方"),
    "month": Word("月份"),
    "households": Word("户数", "户"),
    "residents": Word("居民", "人"),
    "residents_60": Word("60岁及以上居民", "人"),
    "residents_0_3": Word("0–3岁婴幼儿", "人"),
    # figures
    "metric_id": Word("指标编号"),
    "metric_name": Word("指标"),
    "short": Word("简称"),
    "group": Word("分组"),
    "value": Word("数值"),
    "text": Word("数值"),
    "fraction": Word("分子／分母"),
    "numerator": Word("分子"),
    "denominator": Word("分母"),
    "members": Word("计入数", "个"),
    "previous_month": Word("上月"),
    "previous_year": Word("上年同月"),
    "change_month": Word("较上月"),
    "change_year": Word("较上年同月"),
    "status": Word("状态"),
    "target": Word("目标"),
    "variant": Word("算法"),
    "variant_name": Word("算法"),
    "rank": Word("位次"),
    # members
    "entity_id": Word("编号"),
    "entity_name": Word("名称"),
    "entity_table": Word("台账"),
    "entity_word": Word("类别"),
    "counted": Word("是否计入"),
    "part": Word("计入情况"),
    "reason": Word("原因"),
    # claims
    "claim_id": Word("编号"),
    "subject": Word("公开数据"),
    "claimed_text": Word("公开数字"),
    "computed_text": Word("本系统计算"),
    "quote": Word("原文"),
    "note": Word("说明"),
    # checks and attention
    "check_id": Word("规则编号"),
    "check_name": Word("规则"),
    "severity": Word("级别"),
    "message": Word("问题"),
    "mend": Word("如何修改"),
    "title": Word("事项"),
    "sentence": Word("说明"),
    "rows": Word("条数", "条"),
}

ENTITIES: dict[str, str] = {
    "district": "行政区",
    "street": "街道",
    "community": "社区",
    "barrier": "步行屏障",
    "neighbourhood": "小区",
    "grid_unit": "网格",
    "grid_role": "网格岗位",
    "grid_post": "网格岗位到岗",
    "building": "楼栋",
    "building_post": "楼栋骨干",
    "party_committee": "大工委、大党委",
    "party_branch": "党支部",
    "branch_neighbourhood": "支部覆盖小区",
    "member_unit": "成员单位",
    "industry_committee": "行业综合党委",
    "two_new_org": "两新组织",
    "station": "阵地",
    "station_function": "阵地功能",
    "station_hours": "阵地开放时间",
    "premises": "可用房屋",
    "opinion": "民情",
    "opinion_event": "民情流转",
    "renovation_project": "旧改项目",
    "renovation_step": "旧改阶段字典",
    "renovation_stage": "旧改阶段",
    "investment": "旧改资金",
    "beneficiary": "旧改受益",
    "fund_entry": "社区基金",
    "demo_site": "示范点",
    "consent_rule": "加梯表决规则",
    "elevator": "加装电梯",
    "elevator_consent": "加梯征询",
    "full_community_item": "四创条目",
    "full_community_check": "四创核查",
    "fund_project": "社区基金项目",
    "fund_project_entry": "基金项目支出",
    "walk_node": "步行节点",
    "walk_edge": "步行路段",
    "claim": "公开数据",
}


def label(column: str) -> str:
    """Return the Chinese label of a column; raise KeyError for one that has none."""
    return COLUMNS[column].label


def entity(table: str) -> str:
    """Return what one row of a fact table is called in Chinese."""
    return ENTITIES[table]


def is_missing(value: object) -> bool:
    """Whether a value is absent: None or NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def plain(value: float | None) -> str:
    """Write a number without unit: thousands separated, one decimal unless it is whole."""
    if value is None or math.isnan(value):
        return MISSING
    if abs(value - round(value)) < 1e-9:
        return f"{round(value):,}"
    return f"{value:,.1f}"


def number(value: float | None, unit: str | None = None) -> str:
    """Write a value with its unit, as officials write it.

    `%` stands close and has one decimal, and never rounds up to a whole that was not reached
    (99.96 is 99.9%). Money, people, households and areas take 万 from ten thousand and 亿 from
    a hundred million, with one decimal, which a thousand 万 and more do without: they fit a tile.
    Everything else keeps its separators: 1,292名.
    """
    if value is None or math.isnan(value):
        return MISSING
    if not unit:
        return plain(value)
    if unit == "%":
        return percent(value)
    if unit in _LARGE and round(abs(value) / _WAN) >= _YI // _WAN:
        return f"{value / _YI:,.1f}亿{unit}"
    if unit in _LARGE and abs(value) >= _WAN:
        decimals = 0 if round(abs(value) / _WAN, 1) >= 1000 else 1
        return f"{value / _WAN:,.{decimals}f}万{unit}"
    if unit == "元/户":
        return f"{value:,.0f}{unit}"
    return f"{plain(value)}{unit}"


def percent(value: float | None) -> str:
    """Write a percentage with one decimal that does not hide the last step to 0 or 100."""
    if value is None or math.isnan(value):
        return MISSING
    if 0 < value < 0.05:
        return "不足0.1%"
    if 99.95 <= value < 100:
        return "99.9%"
    return f"{value:.1f}%"


def fraction(
    numerator: float | None, denominator: float | None, unit: str, denominator_unit: str | None
) -> str:
    """Write n/N in small print: "1,210/1,325家", "27.3亿元/34.9亿元", "3家/1,140户"."""
    if is_missing(numerator) or is_missing(denominator):
        return MISSING
    if unit == denominator_unit and unit != "元":
        return f"{plain(numerator)}/{plain(denominator)}{unit}"
    return f"{number(numerator, unit)}/{number(denominator, denominator_unit)}"


def difference(value: float | None, unit: str) -> str:
    """Write the size of a difference: "0.4个百分点", "12名"; "0" when it is too small to see."""
    if value is None or math.isnan(value):
        return MISSING
    size = abs(value)
    if size < (0.05 if unit == "%" or size != round(size) else 0.5):
        return "0"
    return f"{size:.1f}个百分点" if unit == "%" else number(size, unit)


def change(value: float | None, unit: str) -> str:
    """Write a difference in words: "上升0.4个百分点", "增加12名", "持平"."""
    size = difference(value, unit)
    if value is None or size == MISSING:
        return MISSING
    if size == "0":
        return "持平"
    rate = "/" in unit or unit in {"%", "天"}
    if value > 0:
        return f"{'上升' if rate else '增加'}{size}"
    return f"{'下降' if rate else '减少'}{size}"


def moment(iso: str) -> str:
    """Write a UTC time of the store as China's: 2026-11-23 22:52."""
    return f"{dt.datetime.fromisoformat(iso).astimezone(CHINA):%Y-%m-%d %H:%M}"


def joined(names: list[str], most: int = 3) -> str:
    """Write a list of names, the first few and how many in all: "甲、乙、丙等5个"."""
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names)}个"
