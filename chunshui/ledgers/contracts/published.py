"""What was published about the district, to hold against what is computed."""

from chunshui.ledgers.contracts.contract import Column, Ledger, choice

CLAIM = Ledger(
    id="claim",
    name="公开数据对照",
    grain="一个公开数字一行",
    columns=(
        Column("claim_id", "公开数据编号", "code"),
        Column("subject", "公开数据", "text"),
        choice("comparator", "比较", "等于", "超过", "不少于", "不到", "不超过"),
        Column("value", "公开数值", "number"),
        Column("unit", "计量单位", "text", note="与指标的单位相同，或前加万、亿"),
        Column("metric_id", "指标编号", "code", required=False, note="见“指标口径”页；没有的留空"),
        Column(
            "other_metrics",
            "其他读法",
            "text",
            required=False,
            note="原文没有说明口径的，另几种算法的指标编号，以分号隔开",
        ),
        Column("quote", "原文", "text"),
        Column("note", "说明", "text", required=False, note="原文没有说明的期间、口径"),
    ),
)
