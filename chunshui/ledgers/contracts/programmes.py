"""Lifts added to old buildings, the checklist of the complete community, fund projects."""

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    after,
    at_most,
    both_or_none,
    choice,
    money,
    not_before,
    optional_date,
    place,
)
from chunshui.ledgers.contracts.renewal import ELEMENTS, THEMES

MARKS = ("公开出处", "转载", "凭记忆", "未查到")
MARK = choice("mark", "可信程度", *MARKS, note="转载：只见于低权威来源；凭记忆：未核对")
BASIS = Column("basis", "依据", "text")

# Each a fraction: two columns, part and whole.
SHARES = {
    "join_households": "参与人数",
    "join_area": "参与面积",
    "agree_households": "同意人数",
    "agree_area": "同意面积",
}

CONSENT_RULE = Ledger(
    id="consent_rule",
    name="加梯表决规则",
    grain="一套表决规则一行；三分之二写作分子2、分母3",
    columns=(
        Column("rule_id", "规则编号", "code"),
        Column("rule_name", "规则名称", "text"),
        Column("valid_from", "施行日期", "date"),
        optional_date("valid_to", "废止日期", "现行的留空"),
        Column("start_households", "启动申请户数", "integer", unit="户", required=False, lo=1),
        *(
            Column(f"{key}_{end}", f"{header}比例{word}", "integer", lo=1)
            for key, header in SHARES.items()
            for end, word in (("part", "分子"), ("whole", "分母"))
        ),
        money("subsidy_cap_yuan", "补助上限", (1_000, 5_000_000), required=False),
        BASIS,
        MARK,
    ),
    rules=(
        after("valid_to", "valid_from"),
        *(at_most(f"{key}_part", f"{key}_whole") for key in SHARES),
    ),
)

ELEVATOR = Ledger(
    id="elevator",
    name="加装电梯台账",
    grain="一部电梯一行；日期先后由数据质量规则核对",
    columns=(
        Column("elevator_id", "电梯编号", "code"),
        Column("elevator_name", "电梯名称", "text"),
        Column("building_id", "楼栋编号", "code", refers="building"),
        Column("households", "有权表决户数", "integer", unit="户", lo=1),
        Column("area_m2", "有权表决面积", "number", unit="平方米", above=0),
        Column("applied_on", "申请日期", "date"),
        optional_date("approved_on", "审批日期", "未到的留空"),
        optional_date("started_on", "开工日期", "未到的留空"),
        optional_date("in_use_on", "投用日期", "未到的留空"),
        money("cost_yuan", "总造价", (10_000, 5_000_000), required=False),
        money("subsidy_yuan", "财政补助", (1_000, 5_000_000), required=False),
    ),
)

ELEVATOR_CONSENT = Ledger(
    id="elevator_consent",
    name="加梯征询台账",
    grain="一部电梯的一次计票一行，写累计数，只记数不记人",
    columns=(
        Column("elevator_id", "电梯编号", "code", refers="elevator"),
        Column("counted_on", "计票日期", "date"),
        Column("voted_households", "参与户数", "integer", unit="户", lo=0),
        Column("agreed_households", "同意户数", "integer", unit="户", lo=0),
        Column("voted_m2", "参与面积", "number", unit="平方米", lo=0),
        Column("agreed_m2", "同意面积", "number", unit="平方米", lo=0),
    ),
    key=("elevator_id", "counted_on"),
    rules=(at_most("agreed_households", "voted_households"), at_most("agreed_m2", "voted_m2")),
)

FULL_COMMUNITY_ITEM = Ledger(
    id="full_community_item",
    name="四创清单条目字典",
    grain="一个条目一行",
    columns=(
        Column("item_id", "条目编号", "code"),
        choice("dimension", "维度", "完整社区", "幸福社区", "文明社区", "平安社区"),
        Column("domain", "领域", "text"),
        Column("item_name", "条目", "text"),
        Column("standard", "标准", "text"),
        Column("threshold", "标准数值", "number", required=False, lo=0),
        Column("unit", "标准单位", "text", required=False),
        MARK,
        BASIS,
    ),
    unique=(("dimension", "item_name"),),
    rules=(both_or_none("threshold", "unit", "有数值的两格都填，没有的两格都空"),),
)

FULL_COMMUNITY_CHECK = Ledger(
    id="full_community_check",
    name="四创清单核查台账",
    grain="一个社区一个条目一次核查一行",
    columns=(
        Column("check_id", "核查编号", "code"),
        *place(),
        Column("item_id", "条目编号", "code", refers="full_community_item"),
        choice("result", "结果", "达标", "未达标", "不适用"),
        Column("measured", "实测数值", "number", required=False, lo=0, note="单位同条目字典"),
        Column("checked_on", "核查日期", "date"),
    ),
    unique=(("community_code", "item_id", "checked_on"),),
)

FUND_PROJECT = Ledger(
    id="fund_project",
    name="社区基金项目台账",
    grain="一个社区基金项目一行",
    columns=(
        Column("project_id", "基金项目编号", "code"),
        Column("project_name", "基金项目名称", "text"),
        *place(),
        choice("theme", "主题", *THEMES),
        choice("element", "五社要素", *ELEMENTS),
        money("planned_yuan", "计划金额", (1, 1_000_000)),
        Column("started_on", "开始日期", "date"),
        Column("due_on", "应交付日期", "date"),
        optional_date("delivered_on", "交付日期", "未交付的留空"),
        Column("deliverable", "交付物", "text", required=False, note="未交付的留空"),
        Column("served", "服务人次", "integer", unit="人次", required=False, lo=0),
    ),
    rules=(
        not_before("due_on", "started_on"),
        not_before("delivered_on", "started_on"),
        both_or_none("delivered_on", "deliverable", "已交付的两格都填，未交付的两格都空"),
    ),
)

FUND_PROJECT_ENTRY = Ledger(
    id="fund_project_entry",
    name="社区基金项目支出台账",
    grain="一笔支出归于一个项目一行",
    columns=(
        Column("entry_id", "收支编号", "code", refers="fund_entry"),
        Column("project_id", "基金项目编号", "code", refers="fund_project"),
    ),
)
