"""The glossary as data: Chinese labels of columns, and numbers written as officials write them.

Everything on screen, in a template and in an export takes its labels and number formats from
here. `label` turns a column name into Chinese; `number` writes a value with its unit
(`34.9亿元`, `53.0万人`, `1,292名`, `92.4%`); what is missing is `—`, never 0.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from hashlib import sha256

MISSING = "—"
ROUNDED = "因四舍五入，分项之和可能与合计略有出入。"
BEYOND = "超过"  # before the greatest value that is measured, where the true one is greater

# How a figure stands to its target, a published figure to the computed one; with shapes beside
# the words in `drawing.theme`.
REACHED, NEAR, MISSED, NO_TARGET, NO_DATA = "达标", "接近", "未达标", "无目标", "无数据"
JUDGED = (REACHED, NEAR, MISSED)
# Too little is counted to judge by it; more was paid than there was to pay.
TOO_FEW, OVERPAID = "基数小", "超付"
AGREES, DIFFERS, UNCLEAR = "一致", "不一致", "口径不明"
# How grave what a check finds is (an error stops a publish), how urgent what needs attention is.
REFUSED = "拒收"  # rows of a file or a sheet that is refused whole
SEVERITIES = ERROR, WARNING, NOTE = "错误", "警告", "提示"
URGENCIES = "紧急", "关注", "提示"

DEMONSTRATION_MARK = "演示数据"
DEMONSTRATION = f"{DEMONSTRATION_MARK}（合成，非真实统计）"

_WAN, _YI = 10_000, 100_000_000
# Units whose numbers grow long, and from which size on they are written with 万: people and
# households are counted to the last one as long as they can be.
_LARGE = {"元": _WAN, "平方米": _WAN, "人": 10 * _WAN, "人次": 10 * _WAN, "户": 10 * _WAN}


# What the columns of a query are called where a table shows them as they come.
COLUMNS = {
    "file_name": "台账文件",
    "sheet_name": "工作表",
    "source_row": "行号",
    "ledger_name": "台账",
    "sha256": "文件指纹",
    "nature": "数据性质",
    "crs": "坐标系",
    "row_total": "总行数",
    "row_used": "入库行数",
    "street_name": "街道",
    "community_name": "社区",
    "text": "数值",
    "fraction": "分子／分母",
    "numerator": "分子",
    "denominator": "分母",
    "status": "状态",
    "change": "变化",
    "entity_id": "编号",
    "entity_name": "名称",
    "part": "计入情况",
    "reason": "原因",
}


@dataclass(frozen=True)
class Thing:
    """What a row of a table stands for, what such are counted by, and what the row itself is called, if otherwise."""

    name: str
    measure: str = "个"
    row: str | None = None


# Of every fact table.
THINGS = {
    "district": Thing("行政区"),
    "street": Thing("街道"),
    "community": Thing("社区"),
    "barrier": Thing("步行屏障"),
    "neighbourhood": Thing("小区"),
    "grid_unit": Thing("网格"),
    "grid_role": Thing("网格岗位"),
    "grid_post": Thing("网格岗位到岗"),
    "building": Thing("楼栋", "栋"),
    "building_post": Thing("楼栋骨干", "名"),
    "party_committee": Thing("大工委、大党委"),
    "party_branch": Thing("党支部"),
    "branch_neighbourhood": Thing("支部覆盖小区"),
    "member_unit": Thing("成员单位", "家"),
    "pledge": Thing("成员单位承诺", "项"),
    "action_task": Thing("行动任务"),
    "theme_year": Thing("主题年"),
    "label": Thing("提法"),
    "brand": Thing("党建品牌"),
    "award": Thing("入选品牌、案例"),
    "industry_committee": Thing("行业综合党委"),
    "cluster": Thing("集聚区"),
    "two_new_org": Thing("两新组织", "家"),
    "linkage": Thing("包保联动", "条", row="包保记录"),
    "station": Thing("阵地", "处"),
    "station_function": Thing("阵地功能"),
    "station_hours": Thing("阵地开放时间"),
    "premises": Thing("可用房屋", "处"),
    "activity": Thing("活动", "场"),
    "training": Thing("训练营", "期"),
    "bulletin": Thing("通报", "期"),
    "new_job_role": Thing("新就业岗位"),
    "meal_exchange": Thing("送餐换餐记录", "条"),
    "survey_need": Thing("需求调查记录"),
    "covenant": Thing("居民公约", "份"),
    "forum_matter": Thing("居民议事事项", "件"),
    "carrier_month": Thing("时间银行、积分超市记录", "条"),
    "opinion": Thing("民情", "项"),
    "opinion_event": Thing("民情流转"),
    "opinion_callback": Thing("民情回访"),
    "opinion_category": Thing("民情类别"),
    "workday": Thing("放假与调休"),
    "challenge": Thing("榜单事项", "项"),
    "board_metric": Thing("赛马指标", "项"),
    "cohort": Thing("赛马分组"),
    "drill_event": Thing("拉练", "次"),
    "assignment": Thing("交办事项", "项"),
    "renovation_project": Thing("旧改项目"),
    "renovation_step": Thing("旧改阶段字典"),
    "renovation_stage": Thing("旧改阶段"),
    "investment": Thing("旧改资金", "笔"),
    "beneficiary": Thing("旧改受益", "条", row="旧改受益记录"),
    "fund_entry": Thing("社区基金", "笔", row="社区基金收支"),
    "demo_site": Thing("示范点"),
    "consent_rule": Thing("加梯表决规则"),
    "elevator": Thing("加装电梯", "部"),
    "elevator_consent": Thing("加梯征询"),
    "full_community_item": Thing("四创条目"),
    "full_community_check": Thing("四创核查", "项"),
    "fund_project": Thing("社区基金项目"),
    "fund_project_entry": Thing("基金项目支出"),
    "walk_node": Thing("步行节点"),
    "walk_edge": Thing("步行路段"),
    "claim": Thing("公开数据"),
}
ENTITIES = {table: thing.name for table, thing in THINGS.items()}


def counted(count: float, table: str) -> str:
    """Write so many rows of a fact table: "13个网格", "1,204栋楼", "3项民情"."""
    measure = THINGS[table].measure
    return f"{count:,.0f}{measure}{entity(table).removesuffix(measure)}"


def extremes(kind: str, unit: str) -> tuple[str, str]:
    """Return what the greatest and the least value of a kind of metric are called: 最高, 最低."""
    if unit in ("天", "分钟"):
        return "最长", "最短"
    return ("最多", "最少") if kind == "total" else ("最高", "最低")


def label(column: str) -> str:
    """Return the Chinese label of a column; raise KeyError for one that has none."""
    return COLUMNS[column]


def entity(table: str) -> str:
    """Return what one row of a fact table is called in Chinese."""
    return THINGS[table].row or THINGS[table].name


def is_missing(value: object) -> bool:
    """Whether a value is absent: None or NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def plain(value: float | None) -> str:
    """Write a number without unit: thousands separated, one decimal unless it is whole."""
    return number(value)


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it stands on a page: the text, and the value that a reader takes it for.

    `value` is in the plain unit (yuan, not 万元; None where the text is "—"), so that what is
    written of a change is the difference of what is written of the two values.
    """

    text: str
    value: Decimal | None


# Heads of numbers that are written without separators.
COUNT_NOTHING = ("行号", "年度", "编号", "代码")


def signed(value: float, unit: str = "") -> str:
    """Return a change in whole numbers with its sign and unit: "+49人"; what is none has no sign."""
    text = f"{value:+,.0f}"
    return f"{text if text.strip('+-') != '0' else '0'}{unit}"


def decimals(values: Iterable[float], most: int = 2) -> int:
    """Return how many decimals the numbers of a column need, at most so many: all are written with them."""
    texts = (f"{value:.{most}f}".rstrip("0") for value in values)
    return max((len(text.partition(".")[2]) for text in texts), default=0)


@lru_cache(maxsize=1 << 16)
def written(
    value: float | None, unit: str | None = None, bounds: tuple[float, ...] = ()
) -> Written:
    """Write a value with its unit, as officials write it.

    `%` has one decimal, but for nothing and for the whole. Money and areas take 万 from ten
    thousand, people and households from a hundred thousand, all of them 亿 from a hundred million;
    with two decimals, of which a last 0 is left out and which
    a thousand 万 and more do without: what two such texts differ by is what a reader works out.
    Yuan a head have two decimals below a thousand.
    Everything else has one decimal unless it is whole: 1,292名. Half is rounded up.

    What is written never lies on the other side of a bound than the value does, nor on it: near
    one, a further decimal is written (97.96% against 98), and where that does not tell them
    apart, the value is rounded away from the bound (97.99%). Nothing and, of a percentage, the
    whole are bounds always; `bounds` are the others, such as a target.
    """
    if value is None or math.isnan(value):
        return Written(MISSING, None)
    exact = Decimal(repr(float(value)))
    if abs(exact - round(exact)) < Decimal("1e-9"):
        exact = Decimal(round(exact))
    if unit == "%" and exact in (0, 100):
        return Written(f"{exact}%", exact)
    scale, ending, decimals = _form(exact, unit or "")
    edges = {Decimal(0), *(Decimal(repr(float(bound))) for bound in bounds)}
    edges |= {Decimal(100)} if unit == "%" else set()
    shown = _rounded(exact / scale, decimals, {edge / scale for edge in edges})
    digits = f"{shown:,f}"
    if decimals > 1:
        digits = digits.removesuffix("0") if shown else "0"
    return Written(f"{digits}{ending}", shown * scale)


def _form(exact: Decimal, unit: str) -> tuple[int, str, int]:
    """Return by what a number is divided, what stands behind it, and its decimals."""
    size = abs(exact)
    if unit == "%":
        return 1, unit, 1
    if unit in _LARGE and round(size / _WAN) >= _YI // _WAN:
        return _YI, f"亿{unit}", 2
    if size >= _LARGE.get(unit, math.inf):
        return _WAN, f"万{unit}", 0 if round(size / _WAN, 1) >= 1000 else 2
    if unit.startswith("元/"):
        return 1, "元", 0 if size >= 1000 else 2
    return 1, behind(unit), 0 if exact == round(exact) else 1


def behind(unit: str) -> str:
    """Return what of a unit stands behind a number; the name says per what: 每百户阵地面积31.9平方米."""
    return unit.partition("/")[0]


def _rounded(value: Decimal, decimals: int, edges: set[Decimal]) -> Decimal:
    """Round half up to the decimals, one more near an edge, and never onto or over an edge."""
    for step in (Decimal(1).scaleb(-decimals), Decimal(1).scaleb(-decimals - 1)):
        shown = value.quantize(step, ROUND_HALF_UP)
        if all((value > edge) == (shown > edge) and (value < edge) == (shown < edge)
               for edge in edges):  # fmt: skip
            return shown
    nearest = min(edges, key=lambda edge: abs(edge - value))
    return value.quantize(step, ROUND_FLOOR if value < nearest else ROUND_CEILING)


def scale(largest: float, unit: str) -> tuple[int, str]:
    """Return by what the numbers of an axis are divided, and their unit then: 10,000, "万元"."""
    divisor, ending, _ = _form(Decimal(repr(float(largest))), unit)
    return divisor, unit if "/" in unit else ending


def number(value: float | None, unit: str | None = None) -> str:
    """Return the text of `written`: 34.9亿元, 53.0万人, 1,292名, 92.4%."""
    return written(value, unit).text


def percent(value: float | None) -> str:
    """Write a percentage with one decimal that does not hide the last step to 0 or 100."""
    return number(value, "%")


def hundredth(value: float) -> Written:
    """Write a percentage with two decimals."""
    shown = Decimal(repr(float(value))).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Written(f"{shown:f}%", shown)


def in_full(value: float, unit: str, like: float | None = None) -> Written:
    """Write an amount so that its parts can be added up: no 亿, and 万 of money only.

    Money has 0.01万元 where the whole (`like`, else itself) is below a thousand 万, else 1万元;
    things and areas are written to the last one. Other units are written as ever.
    """
    if unit not in _LARGE:
        return written(value, unit)
    exact = Decimal(repr(float(value)))
    scale, ending, step = (_WAN, "万元", "0.01") if unit == "元" else (1, unit, "1")
    if unit == "元" and abs(value if like is None else like) >= 1000 * _WAN:
        step = "1"
    shown = (exact / scale).quantize(Decimal(step), ROUND_HALF_UP)
    digits = f"{shown:,f}".removesuffix(".00")
    return Written(
        f"{digits.removesuffix('0') if '.' in digits else digits}{ending}", shown * scale
    )


def bound(value: float, unit: str) -> str:
    """Write a target or a standard as it was set, without decimals it does not have: 90%."""
    return f"{value:g}%" if unit == "%" else number(value, unit)


def fraction(
    numerator: float | None, denominator: float | None, unit: str, denominator_unit: str | None
) -> str:
    """Write n/N in small print: "1,210/1,325家", "27.3亿元/34.9亿元", "3家/1,140户".

    With digits enough for a reader to work out the percentage beside it: "12,345/13,102万元".
    """
    if numerator is None or denominator is None or math.isnan(numerator + denominator):
        return MISSING
    if unit == denominator_unit and (unit != "元" or denominator < 10 * _WAN):
        return f"{plain(numerator)}/{plain(denominator)}{unit}"
    if unit != denominator_unit:
        return f"{_exact(numerator, unit)}/{_exact(denominator, denominator_unit or '')}"
    exact = [Decimal(repr(float(part))) for part in (numerator, denominator)]
    # To a thousand million in 万, which takes fewer decimals: 25,311/29,176万元, 4.98亿元/12.31亿元.
    sizes = [_YI if part >= _YI and denominator >= 10 * _YI else _WAN for part in exact]
    whole_wan = 0 if denominator >= 1000 * _WAN else 2
    for more in range(7):
        digits = [2 + more if size == _YI else min(whole_wan + more, 4) for size in sizes]
        shown = [
            (part / size).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            for part, size, places in zip(exact, sizes, digits, strict=True)
        ]
        read = [part * size for part, size in zip(shown, sizes, strict=True)]
        if _share(*read) == _share(*exact) and bool(shown[0]) == bool(exact[0]):
            break
    texts = [f"{part:,f}" for part in shown]
    texts = [text.rstrip("0").rstrip(".") if "." in text else text for text in texts]
    top, bottom = ("万元" if size == _WAN else "亿元" for size in sizes)
    return f"{texts[0]}{'' if top == bottom == '万元' else top}/{texts[1]}{bottom}"


def _share(part: Decimal, whole: Decimal) -> Decimal:
    """Return what a reader's division gives, to the thousandth that a percentage is written to."""
    return (part / whole).quantize(Decimal("0.001"), ROUND_HALF_UP) if whole else Decimal(0)


def _exact(value: float, unit: str) -> str:
    """Write a number with all its digits before the point: 275,482户; money as ever."""
    return number(value, unit) if unit == "元" or value < _WAN else f"{value:,.0f}{unit}"


_SAID = re.compile(
    r"(?:较.+?(?=上升|下降|增加|减少))?(上升|下降|增加|减少|前移|后移|≥|≤|" + BEYOND + r")?"
    r"([+\-]?\d[\d,]*(?:\.\d+)?)([万亿])?(?!年\d)[^\d\-–:.]*(?:[/／（].*)?"
)


@lru_cache(20_000)
def counted_number(text: str) -> float | None:
    """Return the number that a text says which is one: of 86/89家 and 55.0%（40–70%） the first.

    A fall is negative, and of ranks a move to the front; what is above what can be measured (超过20.8分钟) its bound; None for words,
    days, names and codes: digits without a separator that are too many to count something.
    """
    if text.endswith(("持平", "不变")):
        return 0.0
    if text.isdigit() and len(text) > 7:
        return None
    if not (found := _SAID.fullmatch(text)):
        return None
    way, digits, scale = found.groups()
    value = float(digits.replace(",", "")) * {"万": _WAN, "亿": _YI}.get(scale, 1)
    return -value if way in ("下降", "减少", "前移") else value


_TOLD = re.compile(
    r"[^\d]{1,16}?(\d[\d,]*(?:\.\d+)?)"
    r"(?:天|分钟|户|次|岗|项|名|家|人|米|处|个|元|万元|平方米)(?:\D.*)?"
)


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@lru_cache(20_000)
def has_number(text: str) -> bool:
    """Whether a text has digits other than those of a day (2026-12-30)."""
    return re.search(r"\d", _DAY.sub("", text)) is not None


@lru_cache(20_000)
def number_of_reason(text: str) -> float | None:
    """Return the number of a reason that comes to one: 217 of 晚217个日历日, 1 of 还差1户、63.2平方米.

    None for days, names and what has no unit to count in.
    """
    found = _TOLD.fullmatch(text)
    return float(found[1].replace(",", "")) if found else None


def difference(now: Written, before: Written) -> float | None:
    """Return what a reader gets who subtracts one written value from another; None without one."""
    if now.value is None or before.value is None:
        return None
    return float(now.value - before.value)


def size(value: float | None, unit: str) -> str:
    """Write how large a difference of written values is, to its last digit: "0.4个百分点", "12名", "4.3亿元"."""
    if value is None or math.isnan(value):
        return MISSING
    exact = abs(Decimal(repr(float(value))))
    scale, ending, _ = _form(exact, unit)
    if unit in _LARGE and exact >= _WAN:
        scale, ending = (_YI, f"亿{unit}") if exact >= _YI else (_WAN, f"万{unit}")
    # Of 亿 and 万 the difference is written in 万, of 万 and 1 in neither.
    while scale > 1 and exact % (scale // 100):
        scale, ending = (_WAN, f"万{unit}") if scale == _YI else (1, unit)
    shown = (exact / scale).quantize(Decimal("0.001"), ROUND_HALF_UP)  # written values have no more
    digits = max(-int(shown.normalize().as_tuple().exponent), int(unit == "%"))
    return f"{shown:,.{digits}f}{'个百分点' if unit == '%' else ending}"


def rough_size(value: float, unit: str) -> str:
    """Write how large a difference is that stands for itself, rounded as a value is: "0.4个百分点"."""
    shown = written(abs(value), unit).value
    return MISSING if shown is None else size(float(shown), unit)


def change(value: float | None, unit: str, against: str = "") -> str:
    """Write a difference of two written values: "上升0.4个百分点", "增加12名", "持平".

    With what it is `against` (较上月): "较上月增加12名", "与上月持平".
    """
    if value is None or math.isnan(value):
        return MISSING
    if not value:
        return f"与{against.removeprefix('较')}持平" if against else "持平"
    return f"{against}{way(value, unit)}{size(value, unit)}"


def with_arrow(change: str) -> str:
    """Return a change in words with an arrow for its way: ↑0.4个百分点."""
    for word, arrow in (("上升", "↑"), ("增加", "↑"), ("下降", "↓"), ("减少", "↓")):
        change = change.replace(word, arrow)
    return change


def short_change(value: float | None, unit: str) -> str:
    """Write a difference as it stands behind a value: an arrow and how far, no unit: ↑0.4."""
    said = with_arrow(change(value, unit))
    return said.removesuffix("个百分点" if unit == "%" else behind(unit))


def way(value: float, unit: str) -> str:
    """Return what a difference of a unit is called: 上升, 下降, 增加, 减少."""
    rising, falling = ("上升", "下降") if unit in {"%", "天", "分钟"} else ("增加", "减少")
    return rising if value > 0 else falling


def unshaded(small: bool, missing: bool) -> str:
    """Return what places without a shade on a map are called."""
    return "或".join([TOO_FEW] * small + [NO_DATA] * (missing or not small))


def joined(names: list[str], most: int = 3, measure: str = "个") -> str:
    """Write a list of names, the first few and how many in all: "甲、乙、丙等5个"."""
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names)}{measure}"


def letters(names: Iterable[str], salt: str) -> dict[str, str]:
    """Return what names of streets are called where nobody is named: A街道, B街道, … in no known order.

    The same `salt` gives the same letters.
    """
    shuffled = sorted(set(names), key=lambda name: sha256(f"{salt}|{name}".encode()).digest())
    return {name: f"{_letter(place)}街道" for place, name in enumerate(shuffled)}


def _letter(place: int) -> str:
    times, at = divmod(place, 26)
    return f"{chr(ord('A') + at)}{times or ''}"
