"""Renovation of old neighbourhoods, its money, the community fund, demonstration sites."""

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    Rule,
    after,
    at_most,
    choice,
    money,
    optional_date,
    place,
)

# What no single project or entry comes to: more is yuan written in a column of 万元.
PROJECT_MOST = 10_000_000_000
ENTRY_MOST = 100_000_000
MONTHLY = (1, 100_000_000)  # what one source gives one project in a month is seldom more

THEMES = ("一老一小", "社区公益", "邻里关照")
ELEMENTS = ("社区", "社会工作者", "社区社会组织", "社区志愿者", "社区公益慈善资源")

PROJECT_ID = Column("project_id", "项目编号", "code", refers="renovation_project")

RENOVATION_PROJECT = Ledger(
    id="renovation_project",
    name="旧改项目台账",
    grain="一个改造项目一行",
    columns=(
        Column("project_id", "项目编号", "code"),
        Column("project_name", "项目名称", "text"),
        Column("neighbourhood_id", "小区编号", "code", refers="neighbourhood"),
        *place(),
        choice("category", "类别", "基础类", "完善类", "提升类"),
        Column("plan_year", "计划年度", "integer", lo=2000, hi=2100),
        Column("buildings", "楼栋数", "integer", unit="栋", lo=0),
        Column("households", "户数", "integer", unit="户", lo=0),
        money(
            "budget_yuan", "计划总投资", (10_000, 500_000_000), hi=PROJECT_MOST, aliases=("总投资",)
        ),
    ),
)

RENOVATION_STEP = Ledger(
    id="renovation_step",
    name="旧改阶段字典",
    grain="一个阶段一行",
    columns=(
        Column("stage", "阶段", "code"),
        Column("position", "先后", "integer", lo=1, note="由小到大即由先到后"),
        choice(
            "milestone",
            "里程碑",
            "开工",
            "完工",
            "验收",
            required=False,
            note="该阶段的日期即开工、完工或验收日期；各只能有一个阶段",
        ),
    ),
    unique=(("position",), ("milestone",)),
)

RENOVATION_STAGE = Ledger(
    id="renovation_stage",
    name="旧改阶段台账",
    grain="一个项目的一个阶段一行",
    columns=(
        PROJECT_ID,
        Column("stage", "阶段", "code", refers="renovation_step"),
        Column("planned_on", "计划日期", "date"),
        optional_date("actual_on", "实际日期", "未到的留空"),
    ),
    key=("project_id", "stage"),
)

INVESTMENT = Ledger(
    id="investment",
    name="旧改资金台账",
    grain="一个项目一个月一种来源一行",
    columns=(
        Column("entry_id", "资金记录编号", "code"),
        PROJECT_ID,
        Column("month", "月份", "month"),
        choice("source", "资金来源", "中央", "省", "市", "区", "社会", "居民"),
        money("planned_yuan", "计划金额", MONTHLY, hi=PROJECT_MOST),
        money("allocated_yuan", "下达金额", MONTHLY, hi=PROJECT_MOST),
        money("paid_yuan", "支付金额", MONTHLY, hi=PROJECT_MOST),
    ),
    unique=(("project_id", "month", "source"),),
)

BENEFICIARY = Ledger(
    id="beneficiary",
    name="旧改受益台账",
    grain="一个项目一行，去重人数与累计人次分列",
    columns=(
        PROJECT_ID,
        Column("unique_residents", "惠及居民去重人数", "integer", unit="人", lo=0),
        Column("cumulative_residents", "惠及居民累计人次", "integer", unit="人次", lo=0),
        Column("confirmed_on", "核定日期", "date"),
    ),
    rules=(at_most("unique_residents", "cumulative_residents"),),
)

FUND_ENTRY = Ledger(
    id="fund_entry",
    name="社区基金台账",
    grain="一笔收支一行",
    columns=(
        Column("entry_id", "收支编号", "code"),
        Column("booked_on", "入账日期", "date"),
        choice("direction", "收支", "收入", "支出"),
        *place(required=False),
        choice("theme", "主题", *THEMES, required=False),
        choice("element", "五社要素", *ELEMENTS, required=False),
        Column("item", "用途", "text"),
        money("amount_yuan", "金额", (1, 1_000_000), lo=1, hi=ENTRY_MOST),
    ),
    rules=(
        Rule(
            "direction",
            lambda rows: (
                (rows["direction"] == "支出")
                & rows[["community_code", "theme", "element"]].isna().any(axis=1)
            ),
            "支出没有写全社区、主题、五社要素",
            "支出须填社区、主题、五社要素三格",
            blank=("community_code", "theme", "element"),
        ),
    ),
)

DEMO_SITE = Ledger(
    id="demo_site",
    name="示范点台账",
    grain="一个“四创合一”样板示范点一行",
    columns=(
        Column("site_id", "示范点编号", "code"),
        Column("site_name", "示范点名称", "text"),
        choice("level", "级别", "市级", "区级"),
        *place(),
        Column("named_on", "命名日期", "date"),
        optional_date("revoked_on", "撤销日期", "仍有效的留空"),
    ),
    rules=(after("revoked_on", "named_on"),),
)
