"""Opinion items and their passage through the four tiers."""

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    both_or_none,
    choice,
    not_before,
    place,
)

TIERS = ("小区", "社区", "街道", "部门")

RECEIVED_ON = Column("received_on", "受理日期", "date")
DUE_ON = Column("due_on", "应办结日期", "date", note="按工作日算好后入账")
CLOSED_ON = Column("closed_on", "办结日期", "date", required=False, note="在办的留空")

OPINION = Ledger(
    id="opinion",
    name="民情台账",
    grain="一件社情民意一行，只记类别，不记诉求人与原文",
    columns=(
        Column("opinion_id", "事项编号", "code"),
        *place(),
        choice("channel", "来源渠道", "党员中心户", "网格走访", "议事会", "线上平台", "热线转办"),
        Column("category", "类别", "text"),
        RECEIVED_ON,
        DUE_ON,
        CLOSED_ON,
        choice("closed_tier", "办结层级", *TIERS, required=False),
    ),
    key=("opinion_id",),
    rules=(
        not_before(DUE_ON, RECEIVED_ON),
        not_before(CLOSED_ON, RECEIVED_ON),
        both_or_none(
            "closed_on",
            "closed_tier",
            "办结日期与办结层级只填了一个",
            "已办结的两格都填，在办的两格都空",
        ),
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
