"""What residents agree on themselves: covenants, matters raised at their forums, hours and points exchanged."""

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    choice,
    not_before,
    optional_date,
    place,
)

COVENANT = Ledger(
    id="covenant",
    name="居民公约台账",
    grain="一个社区的一版居民公约一行，修订后另起一行",
    columns=(
        Column("covenant_id", "公约编号", "code"),
        *place(),
        choice("meeting", "通过的会议", "居民会议", "居民代表会议"),
        Column("adopted_on", "通过日期", "date"),
        optional_date("filed_on", "备案日期", "报街道备案；没有备案的留空"),
        optional_date("ended_on", "废止日期", "仍有效的留空"),
    ),
    rules=(not_before("filed_on", "adopted_on"), not_before("ended_on", "adopted_on")),
)

FORUM_MATTER = Ledger(
    id="forum_matter",
    name="居民议事台账",
    grain="一场居民议事提出的一件事项一行，只记事项，不记提出的人",
    columns=(
        Column("matter_id", "事项编号", "code"),
        choice("kind", "形式", "大树下的议事会", "5点半话筒", "共同缔造", "其他议事会"),
        *place(),
        Column("held_at", "地点", "text", required=False),
        Column("held_on", "议事日期", "date"),
        Column("matter", "事项", "text"),
        optional_date("settled_on", "办成日期", "没有办成的留空"),
    ),
    rules=(not_before("settled_on", "held_on"),),
)

CARRIER_MONTH = Ledger(
    id="carrier_month",
    name="时间银行积分超市台账",
    grain="一处阵地的时间银行或积分超市一个月一行（只写数量，不写个人）",
    columns=(
        Column("station_id", "阵地编号", "code", refers="station"),
        choice("carrier", "载体", "时间银行", "积分超市"),
        Column("month", "月份", "month"),
        Column("earned", "存入", "integer", lo=0, note="时间银行填小时，积分超市填分"),
        Column("used", "支取兑换", "integer", lo=0, note="时间银行填小时，积分超市填分"),
        Column("people", "参加人次", "integer", unit="人次", lo=0),
    ),
    key=("station_id", "carrier", "month"),
)
