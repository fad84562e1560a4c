"""What meetings hand out to units, and what became of it."""

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    Rule,
    community,
    not_before,
    optional_date,
    street,
)

SNAPSHOT_ID = r"KZ(-[0-9A-F]{4}){3}"

ASSIGNMENT = Ledger(
    id="assignment",
    name="交办台账",
    grain="会议交办的一个事项一行",
    columns=(
        Column("assignment_id", "交办编号", "code", note="会议材料里的交办单已写好，不要改"),
        Column("title", "交办事项", "text"),
        street(required=False, note="全区的留空"),
        community(required=False, note="全区、全街道的留空"),
        Column("unit", "责任单位", "text", note="写单位或岗位，不写人"),
        Column("issued_on", "交办日期", "date"),
        Column("due_on", "应完成日期", "date"),
        Column("basis", "交办依据", "text", required=False, note="交办时的数字"),
        Column("snapshot_id", "快照编号", "code", required=False, note="不是本系统冻结的会议留空"),
        Column("is_done", "是否完成", "boolean", required=False, note="没有完成的填否或留空"),
        optional_date("done_on", "完成日期", "没有完成的留空"),
        Column("result", "办理结果", "text", required=False, note="不写个人"),
    ),
    by_key=True,
    rules=(
        not_before("due_on", "issued_on"),
        not_before("done_on", "issued_on"),
        Rule(
            "done_on",
            lambda rows: rows["is_done"].fillna(False).astype(bool) & rows["done_on"].isna(),
            "写了已完成，没有完成日期",
            "请填完成日期；没有完成的，是否完成填否",
        ),
        Rule(
            "is_done",
            lambda rows: ~rows["is_done"].fillna(False).astype(bool) & rows["done_on"].notna(),
            "填了完成日期，是否完成却没有写是",
            "完成的请填是；没有完成的请删去完成日期",
        ),
        Rule(
            "snapshot_id",
            lambda rows: (
                rows["snapshot_id"].notna()
                & ~rows["snapshot_id"].astype("string").str.fullmatch(SNAPSHOT_ID).fillna(True)
            ),
            "不是快照编号",
            "请照会议材料上的写，如KZ-3F9A-12BC-77D0；不是本系统冻结的会议请留空",
        ),
    ),
)
