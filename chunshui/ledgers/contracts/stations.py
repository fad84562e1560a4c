"""Party-service stations (阵地): what they offer, when they are open, and rooms to open new ones in."""

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    Rule,
    after,
    choice,
    community,
    not_before,
    optional_date,
    optional_id,
    place,
    point,
    street,
)

STATION = Ledger(
    id="station",
    name="阵地台账",
    grain="一处阵地一行",
    columns=(
        Column("station_id", "阵地编号", "code"),
        Column("station_name", "阵地名称", "text"),
        choice("level", "层级", "街道", "社区", "小区", "集聚区"),
        Column("brand", "品牌", "text", required=False),
        street(),
        community(required=False, note="所服务的社区；街道级、集聚区级可空"),
        Column("area_m2", "建筑面积", "number", unit="平方米", above=0, aliases=("面积",)),
        Column("opened_on", "启用日期", "date"),
        optional_date("closed_on", "停用日期", "在用的留空"),
        *point(),
        optional_id("cluster_id", "集聚区编号", "cluster", "集聚区级的填写，其余留空"),
    ),
    rules=(
        after("closed_on", "opened_on"),
        Rule(
            "community_code",
            lambda rows: rows["level"].isin(["社区", "小区"]) & rows["community_code"].isna(),
            "社区级、小区级阵地没有写社区",
            "请填所服务的社区",
        ),
    ),
)

STATION_FUNCTION = Ledger(
    id="station_function",
    name="阵地功能台账",
    grain="一处阵地的一项功能一行",
    columns=(
        Column("station_id", "阵地编号", "code", refers="station"),
        choice(
            "function",
            "功能",
            "党群服务",
            "幸福食堂",
            "居家养老",
            "托育扶幼",
            "积分超市",
            "时间银行",
            "小哥驿站",
            "议事协商",
            "文体活动",
            "小哥窗口",
            note="小哥窗口设在幸福食堂里",
        ),
        Column("capacity_per_day", "每日容量", "integer", unit="人次", required=False, lo=1),
    ),
    key=("station_id", "function"),
)

STATION_HOURS = Ledger(
    id="station_hours",
    name="阵地开放时间台账",
    grain="一处阵地一周中一天的一段开放时间一行",
    columns=(
        Column("station_id", "阵地编号", "code", refers="station"),
        Column("weekday", "星期", "weekday", lo=1, hi=7),
        Column("opens_minute", "开门时间", "time", lo=0, hi=1439),
        Column("closes_minute", "关门时间", "time", hi=1440, note="半夜关门写24:00"),
    ),
    key=("station_id", "weekday", "opens_minute"),
    rules=(after("closes_minute", "opens_minute"),),
)

PREMISES = Ledger(
    id="premises",
    name="可用房屋台账",
    grain="一处可改作阵地的闲置或可腾退公房一行",
    columns=(
        Column("premises_id", "房屋编号", "code"),
        Column("premises_name", "房屋名称", "text"),
        Column("address", "地址", "text", required=False),
        *place(),
        Column("area_m2", "建筑面积", "number", unit="平方米", above=0, aliases=("面积",)),
        choice("owner", "产权", "区属公房", "街道", "社区", "国有企业", "其他"),
        choice("state", "状态", "空置", "在用可腾退"),
        Column("is_ground_floor", "一层", "boolean", aliases=("是否一层",)),
        Column(
            "capacity_per_day",
            "建议每日容量",
            "integer",
            unit="人次",
            required=False,
            lo=1,
            note="空着的按面积与同功能阵地推算",
        ),
        Column("listed_on", "登记日期", "date", note="何日起可作候选"),
        optional_date("settled_on", "落实日期", "已另有用途或已建成阵地的填写；仍可选的留空"),
        *point(),
    ),
    rules=(not_before("settled_on", "listed_on"),),
)
