"""People in new kinds of work: posts they fill, meals they deliver, what they need. Counts, no persons."""

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    after,
    at_most,
    choice,
    not_before,
    optional_date,
    optional_id,
    place,
    street,
)

NEW_JOB_ROLE = Ledger(
    id="new_job_role",
    name="新就业岗位台账",
    grain="一个岗位的一任一行（只写岗位，不写姓名）",
    columns=(
        Column("post_id", "岗位编号", "code"),
        choice("role", "岗位", "街坊主播", "小巷顾问", "兼职管家", "网格助理", "一线监理"),
        *place(),
        optional_id("grid_id", "网格编号", "grid_unit", "不在网格的留空"),
        Column("filled_on", "到岗日期", "date"),
        optional_date("vacated_on", "离岗日期", "仍在岗的留空"),
    ),
    rules=(after("vacated_on", "filled_on"),),
)

MEAL_EXCHANGE = Ledger(
    id="meal_exchange",
    name="送餐换餐台账",
    grain="一处食堂一个月一行（只写份数，不写个人）",
    columns=(
        Column("station_id", "阵地编号", "code", refers="station"),
        Column("month", "月份", "month"),
        Column("deliveries", "送餐单数", "integer", unit="单", lo=0),
        Column("discounted", "平价餐份数", "integer", unit="份", lo=0),
        Column("elders", "服务老人人次", "integer", unit="人次", lo=0),
    ),
    key=("station_id", "month"),
)

SURVEY_NEED = Ledger(
    id="survey_need",
    name="需求调查台账",
    grain="一次调查一个街道一项需求一行（只写次数，不写个人）",
    columns=(
        Column("answer_id", "记录编号", "code"),
        Column("survey_id", "调查编号", "code"),
        Column("asked_from", "调查开始", "date"),
        Column("asked_to", "调查结束", "date"),
        choice("mode", "方式", "线上", "走访", "座谈"),
        street(required=False, note="不分街道的留空"),
        Column("need", "需求", "text"),
        Column("answers", "选择次数", "integer", unit="次", lo=0),
        Column("respondents", "答卷数", "integer", unit="份", lo=1),
    ),
    unique=(("survey_id", "street_code", "need"),),
    rules=(not_before("asked_to", "asked_from"), at_most("answers", "respondents")),
)
