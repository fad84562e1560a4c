"""Published figures to hold against the computed ones; they come with the software."""

from chunshui.ledgers.contracts.contract import Column, Ledger

CLAIM = Ledger(
    id="claim",
    name="公开数据对照",
    grain="一个公开数字一行",
    columns=(
        Column("claim_id", "claim_id", "code", aliases=("编号",)),
        Column("subject", "subject", "text", aliases=("对象",)),
        Column(
            "comparator",
            "comparator",
            "choice",
            allowed=("=", ">", ">=", "<", "<="),
            aliases=("比较",),
        ),
        Column("value", "value", "number", aliases=("数值",)),
        Column("unit", "unit", "text", aliases=("单位",)),
        Column("quote", "quote", "text", aliases=("原文",)),
        Column("interpretation", "interpretation", "text", aliases=("解释",)),
    ),
    key=("claim_id",),
    formats=("csv",),
)
