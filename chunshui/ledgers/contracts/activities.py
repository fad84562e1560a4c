"""What is held and reported: activities, the training camp, the weekly bulletin. Counts, no persons."""

import pandas as pd

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    Rule,
    at_most,
    choice,
    community,
    not_before,
    optional_id,
    street,
)

# The kinds are the report's own names.
KINDS = ("湾有引力", "5点半话筒", "大树下的议事会", "共同缔造", "红色朋友圈", "其他")
ACTIVITY = Ledger(
    id="activity",
    name="活动台账",
    grain="一场活动一行（只写人次，不写姓名）",
    columns=(
        Column("activity_id", "活动编号", "code"),
        Column("held_on", "活动日期", "date"),
        choice("kind", "类别", *KINDS),
        Column("title", "活动名称", "text"),
        Column("theme", "主题", "text", required=False, note="系列活动的主题，没有的留空"),
        street(),
        community(required=False, note="街道办的留空"),
        optional_id("station_id", "阵地编号", "station", "不在阵地办的留空"),
        Column("held_by", "主办单位", "text", note="写单位，不写人"),
        Column("attendees", "参加人次", "integer", unit="人次", lo=0),
    ),
)

TRAINING = Ledger(
    id="training",
    name="党建训练营台账",
    grain="一期训练营一行（只写岗位数，不写姓名）",
    columns=(
        Column("training_id", "训练营编号", "code"),
        Column("held_on", "开班日期", "date"),
        choice("level", "层级", "区", "街道"),
        street(required=False, note="区办的留空"),
        Column("topic", "主题", "text"),
        Column("hours", "学时", "number", unit="学时", above=0),
        Column("invited", "应到岗位数", "integer", unit="个", lo=1),
        Column("attended", "实到岗位数", "integer", unit="个", lo=0),
    ),
    rules=(
        at_most("attended", "invited"),
        Rule(
            "street_code",
            lambda rows: (rows["level"] == "街道") != rows["street_code"].notna(),
            "层级与街道不符",
            "街道办的填街道，区办的街道留空",
        ),
    ),
)

BULLETIN = Ledger(
    id="bulletin",
    name="一周动态台账",
    grain="一期通报一行",
    columns=(
        Column("issue", "期号", "text", note="如“2026年第42期”"),
        Column("week_start", "周起日期", "date", note="所报一周的周一"),
        Column("issued_on", "印发日期", "date"),
        Column("headline", "标题", "text", required=False),
    ),
    unique=(("week_start",),),
    rules=(
        not_before("issued_on", "week_start"),
        Rule(
            "week_start",
            lambda rows: pd.to_datetime(rows["week_start"]).dt.day_of_week > 0,
            "周起日期不是周一",
            "请填所报一周的周一",
        ),
    ),
)
