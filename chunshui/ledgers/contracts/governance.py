"""Opinion items and their passage through the four tiers."""

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    Rule,
    both_or_none,
    choice,
    community,
    not_before,
    optional_date,
    optional_id,
    place,
    street,
)

TIERS = ("小区", "社区", "街道", "部门")

OPINION = Ledger(
    id="opinion",
    name="民情台账",
    grain="一件社情民意一行，只记类别，不记诉求人与原文",
    columns=(
        Column("opinion_id", "事项编号", "code"),
        *place(),
        choice("channel", "来源渠道", "党员中心户", "网格走访", "议事会", "线上平台", "热线转办"),
        Column("category", "类别", "text"),
        Column("received_on", "受理日期", "date"),
        Column("due_on", "应办结日期", "date", note="按工作日算好后入账"),
        optional_date("closed_on", "办结日期", "在办的留空"),
        choice("closed_tier", "办结层级", *TIERS, required=False),
        optional_id(
            "neighbourhood_id",
            "小区编号",
            "neighbourhood",
            "所反映的小区或片区；不针对哪一个的留空",
        ),
        optional_id(
            "repeat_of", "重复件原编号", "opinion", "同一小区同一件事再次反映的，填上一次的事项编号"
        ),
    ),
    rules=(
        not_before("due_on", "received_on"),
        not_before("closed_on", "received_on"),
        both_or_none("closed_on", "closed_tier", "已办结的两格都填，在办的两格都空"),
    ),
)

OPINION_EVENT = Ledger(
    id="opinion_event",
    name="民情流转台账",
    grain="一件事项的一步流转一行",
    columns=(
        Column("opinion_id", "事项编号", "code", refers="opinion"),
        Column("step", "步骤", "integer", lo=1),
        choice("tier", "层级", *TIERS),
        choice("action", "动作", "受理", "上报", "退回", "办结"),
        Column("happened_on", "日期", "date"),
    ),
    key=("opinion_id", "step"),
)

OPINION_CALLBACK = Ledger(
    id="opinion_callback",
    name="民情回访台账",
    grain="一件办结事项的一次回访一行，不记回访的人",
    columns=(
        Column("opinion_id", "事项编号", "code", refers="opinion"),
        Column("called_on", "回访日期", "date"),
        Column("is_reached", "接通", "boolean", aliases=("是否接通",)),
        Column(
            "is_solved",
            "解决",
            "boolean",
            required=False,
            aliases=("是否解决",),
            note="没有接通的留空",
        ),
        Column(
            "is_satisfied",
            "满意",
            "boolean",
            required=False,
            aliases=("是否满意",),
            note="没有接通的留空",
        ),
    ),
    rules=(
        both_or_none("is_solved", "is_satisfied", "接通的两格都填，没有接通的两格都空"),
        Rule(
            "is_reached",
            lambda rows: rows["is_reached"] != rows["is_solved"].notna(),
            "接通与解决、满意不相符",
            "接通的填解决与满意，没有接通的两格都空",
        ),
    ),
)

OPINION_CATEGORY = Ledger(
    id="opinion_category",
    name="民情类别台账",
    grain="一个民情类别一行，写办理时限",
    columns=(
        Column("category", "类别", "text"),
        Column("limit_workdays", "办理时限", "integer", unit="工作日", lo=1, hi=250),
    ),
)

WORKDAY = Ledger(
    id="workday",
    name="工作日台账",
    grain="一个放假或调休上班的日子一行；平常的工作日和周末不填",
    columns=(
        Column("day", "日期", "date"),
        choice("kind", "安排", "放假", "上班"),
        Column("holiday", "节日", "text", required=False),
        Column("notice", "依据", "text", note="国务院办公厅的放假通知"),
        Column("published_year", "公布年份", "integer", lo=2000, hi=2100),
    ),
)

CHALLENGE = Ledger(
    id="challenge",
    name="揭榜领题台账",
    grain="一项发榜的堵点难点一行",
    columns=(
        Column("challenge_id", "榜单编号", "code"),
        Column("title", "事项", "text"),
        Column("category", "类别", "text"),
        street(),
        community(required=False, note="事项所在社区；全街道的留空"),
        Column("posted_by", "发榜单位", "text"),
        Column("posted_on", "发榜日期", "date"),
        choice("mode", "领题方式", "主动认领", "点题交办", required=False),
        Column("claimed_by", "领题单位", "text", required=False, note="写单位，不写人"),
        optional_date("claimed_on", "领题日期", "还没有人领的留空"),
        Column("due_on", "应完成日期", "date", required=False),
        Column("done_on", "完成日期", "date", required=False),
        choice("result", "结果", "完成", "部分完成", "未完成", required=False),
    ),
    rules=(
        not_before("claimed_on", "posted_on"),
        not_before("due_on", "posted_on"),
        not_before("done_on", "claimed_on"),
        both_or_none("mode", "claimed_on", "有人领的两格都填，还没有人领的两格都空"),
        both_or_none("mode", "claimed_by", "有人领的两格都填，还没有人领的两格都空"),
        both_or_none("done_on", "result", "办完的两格都填，在办的两格都空"),
        Rule(
            "done_on",
            lambda rows: rows["done_on"].notna() & rows["claimed_on"].isna(),
            "没有人领题却已完成",
            "请填领题方式、领题单位、领题日期",
        ),
    ),
)
