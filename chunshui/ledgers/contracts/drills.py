"""What drills (月拉练、年考评) go by: the metrics of the board, the cohorts, the drills that were held."""

from chunshui.ledgers.contracts.contract import Column, Ledger, Rule, choice, place

BOARDS = ("月拉练", "年考评")
CASES, STOCK = "办件", "存量"
YEAR = Column("year", "年度", "integer", lo=2000, hi=2100, note="一年一定，年内不改")

BOARD_METRIC = Ledger(
    id="board_metric",
    name="赛马指标台账",
    grain="一个赛马榜一个年度一项指标一行；登录、填报、品牌、宣传类指标不得列入",
    columns=(
        Column("entry_id", "记录编号", "code"),
        YEAR,
        choice("board", "赛马榜", *BOARDS),
        Column("metric_id", "指标编号", "code", note="见“指标口径”页"),
        Column("weight", "权重", "number", lo=0, hi=100, note="一个榜一年合计100"),
        Column("floor", "零分线", "number", note="单位同指标；到此及更差得0分"),
        Column("target", "满分线", "number", note="单位同指标；到此及更好得100分"),
        choice(
            "noise", "性质", CASES, STOCK, note="办件：一件一件办，有偶然；存量：全数清点，没有偶然"
        ),
    ),
    unique=(("year", "board", "metric_id"),),
    rules=(
        Rule(
            "target",
            lambda rows: rows["target"] == rows["floor"],
            "满分线与零分线相同",
            "请核对零分线与满分线",
        ),
    ),
)

COHORT = Ledger(
    id="cohort",
    name="赛马分组台账",
    grain="一个社区一个年度一行；街道不分组，全部放在一起比",
    columns=(
        Column("cohort_id", "分组编号", "code"),
        YEAR,
        *place(),
        Column("cohort", "组别", "text"),
        Column("basis", "分组依据", "text", note="一句话说清的规则"),
        Column("declared_on", "公布日期", "date"),
    ),
)

DRILL_EVENT = Ledger(
    id="drill_event",
    name="拉练台账",
    grain="一次拉练一行；写明月份、权重、分组、种子和数据版本，据此可以重算",
    columns=(
        Column("drill_id", "拉练编号", "code"),
        choice("board", "赛马榜", *BOARDS),
        Column("month", "统计月份", "month"),
        Column("held_on", "拉练日期", "date"),
        Column("seed", "种子", "integer", lo=0, hi=2_147_483_647, note="照拉练赛马页所写"),
        Column("weights", "各项权重", "text", note="指标编号=权重，以分号隔开"),
        Column("cohort_year", "分组年度", "integer", lo=2000, hi=2100),
        Column(
            "version_id", "数据版本", "text", required=False, note="不知道的留空，按现用版本重算"
        ),
        Column("result_digest", "结果校验值", "code", required=False, note="照拉练赛马页所写"),
    ),
    unique=(("board", "month", "held_on"),),
)
