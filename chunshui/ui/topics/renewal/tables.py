"""Tables of renewal, fund and demonstration sites as they are shown: Chinese heads, units, signs."""

import pandas as pd

from chunshui import words
from chunshui.renewal import sayings
from chunshui.ui.widgets.tables import readable

WAN = 10_000
THEMES = ["一老一小", "社区公益", "邻里关照"]
ELEMENTS = ["社区", "社会工作者", "社区社会组织", "社区志愿者", "社区公益慈善资源"]
LEDGER = {"file_name": "台账文件", "sheet_name": "工作表", "source_row": "行号"}


def _shown(frame: pd.DataFrame, heads: dict[str, str]) -> pd.DataFrame:
    """Return the columns under their heads; whole numbers without a point, gaps as a dash."""
    columns = {}
    for column, head in heads.items():
        cells = frame[column]
        if column == "sheet_name" and cells.isna().all():
            continue  # a CSV file has no sheets
        if pd.api.types.is_datetime64_any_dtype(cells):
            cells = cells.dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_bool_dtype(cells):
            cells = cells.map({True: "是", False: "否"})
        elif column in ("plan_year", "source_row"):  # numbers that count nothing
            cells = cells.astype("Int64").astype("str")
        columns[head] = cells
    return readable(pd.DataFrame(columns, index=frame.index))


def _wan(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the frame with money in units of ten thousand yuan, one decimal."""
    return frame.assign(**{column: (frame[column] / WAN).round(1) for column in columns})


def projects(found: pd.DataFrame) -> pd.DataFrame:
    """Return the list of projects."""
    return _shown(
        _wan(found, "budget_yuan", "allocated_yuan", "paid_yuan"),
        {
            "project_name": "项目",
            "street_name": "街道",
            "community_name": "社区",
            "category": "类别",
            "plan_year": "计划年度",
            "stage": "到了哪一步",
            "since_on": "自何日",
            "waited_days": "已停留（天）",
            "usual_days": "九成用时界限（天）",
            "over_days": "超出（天）",
            "overdue_stages": "逾期阶段",
            "households": "户数",
            "budget_yuan": "总投资（万元）",
            "allocated_yuan": "下达（万元）",
            "paid_yuan": "支付（万元）",
            "unique_residents": "受益去重（人）",
            "cumulative_residents": "受益累计（人次）",
            **LEDGER,
        },
    )


def reached(funnel: pd.DataFrame, households: bool) -> tuple[list[float], list[str]]:
    """Return the values of the funnel's bars and what is said of each."""
    values = list(funnel["households" if households else "projects"])
    said = [
        f"{row.projects:,} 个 · {row.households:,} 户 · "
        + words.percent(100 * row.projects / row.planned_projects if row.planned_projects else None)
        for row in funnel.itertuples()
    ]
    return values, said


def categories(found: pd.DataFrame) -> pd.DataFrame:
    """Return each category by projects, by neighbourhoods and by households."""
    rows = []
    for row in found.to_dict("records"):
        for what, unit in (("projects", "项目"), ("neighbourhoods", "小区"), ("households", "户")):
            done = 100 * row[f"finished_{what}"] / row[what] if row[what] else None
            rows.append(
                {
                    "类别": category(row["category"]),
                    "按": unit,
                    "计划": row[what],
                    "开工": row[f"started_{what}"],
                    "完工": row[f"finished_{what}"],
                    "验收": row[f"accepted_{what}"],
                    "完工占比": words.percent(done),
                }
            )
    return pd.DataFrame(rows)


def category(name: str | None) -> str:
    """Return a category's name; the row of all categories has none."""
    return "合计" if words.is_missing(name) else name


def steps(stages: pd.DataFrame) -> pd.DataFrame:
    """Return the stages of one project with how late each was."""
    late = (stages["actual_on"] - stages["planned_on"]).dt.days
    return _shown(
        stages.assign(late=[lateness(days) for days in late]),
        {
            "stage": "阶段",
            "planned_on": "计划日期",
            "actual_on": "实际日期",
            "late": "早晚",
            **LEDGER,
        },
    )


def reached_by(found: pd.DataFrame, milestone: str, until: pd.Timestamp) -> pd.DataFrame:
    """Return the projects planned to reach a milestone by a day, or that reached it by then."""
    due, done = found["planned_on"] <= until, found["actual_on"] <= until
    standing = {(True, True): f"已{milestone}", (True, False): f"计划到期、当时未{milestone}"}
    said = [standing.get(pair, f"提前{milestone}") for pair in zip(due, done, strict=True)]
    chosen = found.assign(standing=said)[due | done]
    return _shown(
        chosen.sort_values(["standing", "planned_on"], ascending=[False, True]),
        {
            "project_name": "项目",
            "street_name": "街道",
            "community_name": "社区",
            "standing": "情形",
            "households": "户数",
            "planned_on": f"计划{milestone}",
            "actual_on": f"实际{milestone}",
            **LEDGER,
        },
    )


def lateness(days: float) -> str:
    """Say how late a stage was: 晚 12 天, 早 3 天, 按期, 未到."""
    if words.is_missing(days):
        return "未到"
    if days == 0:
        return "按期"
    return f"{'晚' if days > 0 else '早'} {abs(int(days)):,} 天"


def services(found: pd.DataFrame) -> pd.DataFrame:
    """Return the share of residents near each service before the works and now."""
    before = 100 * found["residents_before"] / found["residents"]
    now = 100 * found["residents_after"] / found["residents"]
    texts = {
        "before": [words.percent(value) for value in before],
        "now": [words.percent(value) for value in now],
        "gain": [f"{value:+.1f}" for value in now - before],
    }
    heads = {"function": "服务"}
    if found["project_name"].notna().any():
        heads = {"project_name": "项目", "started_on": "开工"}
    heads |= {
        "residents": "居民（人）",
        "before": "开工时",
        "now": "现在",
        "gain": "变化（百分点）",
    }
    return _shown(found.assign(**texts), heads)


def forecasts(made: pd.DataFrame) -> pd.DataFrame:
    """Return the forecasts of projects under way."""
    slip = (made["likely_on"] - made["planned_finish_on"]).dt.days
    interval = [
        words.MISSING if pd.isna(row.likely_on) else f"{day(row.low_on)} 至 {day(row.high_on)}"
        for row in made.itertuples()
    ]
    return _shown(
        made.assign(interval=interval, slip=slip),
        {
            "project_name": "项目",
            "street_name": "街道",
            "stage": "到了哪一步",
            "waited_days": "已停留（天）",
            "planned_finish_on": "计划完工",
            "likely_on": "最可能完工",
            "interval": "八成把握的区间",
            "slip": "比计划晚（天）",
            "finished": "可比项目（已完工）",
            "reason": "为什么没有预测",
            "households": "户数",
        },
    )


def day(when: pd.Timestamp) -> str:
    """Write a day, or "暂不能定" where there is none."""
    return "暂不能定" if pd.isna(when) else f"{when:%Y-%m-%d}"


def source_rows(found: pd.DataFrame) -> pd.DataFrame:
    """Return the entries of one source of money."""
    return _shown(
        _wan(found, "planned_yuan", "allocated_yuan", "paid_yuan"),
        {
            "project_name": "项目",
            "street_name": "街道",
            "month": "月份",
            "source": "来源",
            "planned_yuan": "计划（万元）",
            "allocated_yuan": "下达（万元）",
            "paid_yuan": "支付（万元）",
            **LEDGER,
        },
    )


def lifts(found: pd.DataFrame) -> pd.DataFrame:
    """Return the lifts with what their consent still lacks, by people and by area."""
    lacks = [
        sayings.shortage(row.short_households, row.short_m2)
        if row.standing in ("征询中", "同意达标")
        else words.MISSING
        for row in found.itertuples()
    ]
    people = [
        f"{r.agreed_households}/{r.voted_households}/{r.households}" for r in found.itertuples()
    ]
    area = [f"{r.agreed_m2:,.0f}/{r.voted_m2:,.0f}/{r.area_m2:,.0f}" for r in found.itertuples()]
    return _shown(
        found.assign(lacks=lacks, people=people, area=area),
        {
            "elevator_name": "电梯",
            "street_name": "街道",
            "community_name": "社区",
            "standing": "进度",
            "lacks": "同意还差",
            "people": "同意/参与/全部（户）",
            "area": "同意/参与/全部（㎡）",
            "residents_60": "楼内老人（人）",
            "waited_days": "申请至今（天）",
            "counted_on": "最近计票",
            "in_use_on": "投用",
            "rule_name": "按哪套规则",
            **LEDGER,
        },
    )


def consent_rules(found: pd.DataFrame) -> pd.DataFrame:
    """Return the consent rules, one column each."""
    return _shown(
        found,
        {
            "rule_name": "规则",
            "in_force": "当月施行",
            "valid_from": "施行",
            "valid_to": "废止",
            "start_households": "启动户数",
            "join_households": "参与人数",
            "join_area": "参与面积",
            "agree_households": "同意人数",
            "agree_area": "同意面积",
            "subsidy_cap_yuan": "补助上限（元）",
            "mark": "可信程度",
            "basis": "依据",
            **LEDGER,
        },
    )


def split(found: pd.DataFrame) -> pd.DataFrame:
    """Return spending as a table of themes by elements, yuan, with sums."""
    if found.empty:
        return pd.DataFrame()
    spent = found.groupby(["theme", "element"])["spent_yuan"].sum().to_dict()
    themes = [theme for theme in THEMES if theme in set(found["theme"])]
    rows = {
        theme: [int(spent.get((theme, element), 0)) for element in ELEMENTS] for theme in themes
    }
    rows["合计"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=ELEMENTS)
    table.insert(0, "合计", table.sum(axis=1))
    return table.rename_axis("主题").reset_index()


def fund_communities(found: pd.DataFrame) -> pd.DataFrame:
    """Return what each community received."""
    return _shown(
        found.assign(yuan_per_resident=found["yuan_per_resident"].round(2)),
        {
            "community_name": "社区",
            "street_name": "街道",
            "spent_yuan": "累计支出（元）",
            "yuan_per_resident": "人均（元）",
            "entries": "笔数",
            "young_old_yuan": "一老一小（元）",
            "welfare_yuan": "社区公益（元）",
            "neighbours_yuan": "邻里关照（元）",
            "last_on": "最近一笔",
        },
    )


def fund_projects(found: pd.DataFrame) -> pd.DataFrame:
    """Return the fund's projects with what was delivered."""
    return _shown(
        found,
        {
            "project_name": "项目",
            "street_name": "街道",
            "community_name": "社区",
            "theme": "主题",
            "element": "五社要素",
            "delivery": "交付",
            "deliverable": "交付物",
            "served": "服务人次",
            "overdue_days": "逾期（天）",
            "planned_yuan": "计划（元）",
            "spent_yuan": "支出（元）",
            "due_on": "应交付",
            "delivered_on": "交付日期",
            **LEDGER,
        },
    )


def fund_rows(found: pd.DataFrame) -> pd.DataFrame:
    """Return entries of the fund."""
    return _shown(
        found,
        {
            "booked_on": "入账日期",
            "direction": "收支",
            "street_name": "街道",
            "community_name": "社区",
            "theme": "主题",
            "element": "五社要素",
            "item": "用途",
            "amount_yuan": "金额（元）",
            "project_name": "所属项目",
            **LEDGER,
        },
    )


def sites(found: pd.DataFrame) -> pd.DataFrame:
    """Return the demonstration sites with what their community lacks."""
    return _shown(
        found.assign(met_text=_of(found["met"], found["applicable"])),
        {
            "community_name": "社区",
            "level": "级别",
            "met_text": "达标/适用",
            "lacking": "还缺什么",
            "street_name": "街道",
            "checked_on": "最近核查",
            "named_on": "命名",
            "revoked_on": "摘牌",
            "site_name": "示范点",
            **LEDGER,
        },
    )


def _of(met: pd.Series, applicable: pd.Series) -> list[str]:
    """Write "met/applicable" of each row, a dash where nothing was checked."""
    pairs = zip(met, applicable, strict=True)
    return [words.MISSING if words.is_missing(n) else f"{n:.0f}/{d:.0f}" for n, d in pairs]


def dimensions(found: pd.DataFrame) -> pd.DataFrame:
    """Return the four dimensions by community as "met/applicable"."""
    texts = {
        key: _of(found[f"{key}_met"], found[f"{key}_applicable"])
        for key in ("complete", "happy", "civil", "safe")
    }
    return _shown(
        found.assign(**texts),
        {
            "community_name": "社区",
            "street_name": "街道",
            "is_demo": "有示范点",
            "complete": "完整社区",
            "happy": "幸福社区",
            "civil": "文明社区",
            "safe": "平安社区",
            "lacking_items": "还缺（项）",
        },
    )


def items(found: pd.DataFrame) -> pd.DataFrame:
    """Return the items of the checklist with how many communities lack each."""
    return _shown(
        found,
        {
            "dimension": "维度",
            "domain": "领域",
            "item_name": "条目",
            "lacking": "未达标社区",
            "lacking_sites": "其中示范社区",
            "met": "达标社区",
            "not_applicable": "不适用",
            "standard": "标准",
            "mark": "可信程度",
            "basis": "依据",
        },
    )


def checklist(found: pd.DataFrame) -> pd.DataFrame:
    """Return one community's checklist, what is lacking first."""
    signs = {"达标": "● 达标", "未达标": "▲ 未达标", "不适用": "○ 不适用", "未核查": "— 未核查"}
    order = {"未达标": 0, "未核查": 1, "达标": 2, "不适用": 3}
    found = found.sort_values("result", key=lambda r: r.map(order), kind="stable")
    return _shown(
        found.assign(sign=found["result"].map(signs), measured=_measured(found)),
        {
            "dimension": "维度",
            "item_name": "条目",
            "sign": "结果",
            "measured": "实测",
            "standard": "标准",
            "mark": "标准可信程度",
            "checked_on": "核查日期",
            **LEDGER,
        },
    )


def _measured(found: pd.DataFrame) -> list[str]:
    return [
        words.MISSING
        if words.is_missing(value)
        else f"{value:,.0f} {'㎡' if unit == '平方米' else unit}"
        for value, unit in zip(found["measured"], found["unit"], strict=True)
    ]


def lacking(found: pd.DataFrame) -> pd.DataFrame:
    """Return the communities that lack one item."""
    return _shown(
        found.assign(measured=_measured(found)),
        {
            "community_name": "社区",
            "street_name": "街道",
            "is_demo": "有示范点",
            "measured": "实测",
            "checked_on": "核查日期",
            **LEDGER,
        },
    )


def compared(found: list) -> pd.DataFrame:
    """Return demonstration communities beside the others, with how many each share rests on."""
    rows = []
    for one in found:
        cells = {"指标": one.metric.name}
        for name, share in (("示范社区", one.ours), ("其他社区", one.others)):
            low, high = 100 * share.low, 100 * share.high
            cells[name] = (
                f"{words.percent(100 * share.value)}（{low:.0f}–{high:.0f}%，{share.places} 个）"
            )
        low, high = 100 * one.apart[0], 100 * one.apart[1]
        sure = "可以断定" if low > 0 or high < 0 else "看不出差别"
        cells["相差（百分点）"] = (
            f"{100 * (one.ours.value - one.others.value):+.1f}（{low:+.0f} 至 {high:+.0f}）"
        )
        cells["判断"] = sure
        rows.append(cells)
    return pd.DataFrame(rows)
