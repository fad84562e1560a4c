"""Places: the district, its streets and communities, down to the building."""

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    after,
    at_most,
    choice,
    not_before,
    optional_date,
    place,
    point,
    shape,
    street,
)

POLYGON = ("Polygon", "MultiPolygon")
LINE = ("LineString", "MultiLineString")

VALID_FROM = Column("valid_from", "启用日期", "date", note="名录自何日起有效")
VALID_TO = optional_date("valid_to", "撤销日期", "仍在用的留空")

DISTRICT = Ledger(
    id="district",
    name="行政区界",
    grain="一区一行",
    columns=(
        Column("district_code", "行政区代码", "code"),
        Column("district_name", "行政区", "text", aliases=("行政区名称",)),
        Column("population", "常住人口", "integer", unit="人", required=False, lo=1),
        Column("population_source", "人口出处", "text", required=False),
        shape(),
    ),
    formats=("geojson",),
    geometry=POLYGON,
    unique=(("district_name",),),
)

STREET = Ledger(
    id="street",
    name="街道名录",
    grain="一街道一行",
    columns=(
        Column("street_code", "街道代码", "code", length=9),
        Column("street_name", "街道名称", "text", aliases=("街道",)),
        Column("district_code", "行政区代码", "code", refers="district"),
        VALID_FROM,
        VALID_TO,
        shape(),
    ),
    formats=("geojson",),
    geometry=POLYGON,
    unique=(("street_name",),),
    rules=(after("valid_to", "valid_from"),),
)

COMMUNITY = Ledger(
    id="community",
    name="社区名录",
    grain="一社区一行",
    columns=(
        Column("community_code", "社区代码", "code", length=12),
        Column("community_name", "社区简称", "text", aliases=("社区", "社区名称")),
        Column("official_name", "社区全称", "text", note="居委会正式名称"),
        street(),
        VALID_FROM,
        VALID_TO,
        shape(),
    ),
    formats=("geojson",),
    geometry=POLYGON,
    unique=(("street_code", "community_name"),),
    rules=(after("valid_to", "valid_from"),),
)

BARRIER = Ledger(
    id="barrier",
    name="步行屏障",
    grain="一条河流、铁路或主干道一行",
    columns=(
        Column("barrier_id", "屏障编号", "code"),
        Column("barrier_name", "屏障名称", "text"),
        choice("kind", "类别", "河流", "铁路", "主干道"),
        shape(),
    ),
    formats=("geojson",),
    geometry=POLYGON + LINE,
)

BUILT_YEAR = Column("built_year", "建成年份", "integer", required=False, lo=1900, hi=2100)

NEIGHBOURHOOD = Ledger(
    id="neighbourhood",
    name="小区台账",
    grain="一小区（片区）一行",
    columns=(
        Column("neighbourhood_id", "小区编号", "code"),
        Column("neighbourhood_name", "小区名称", "text"),
        choice("kind", "类别", "小区", "片区"),
        *place(),
        BUILT_YEAR,
        Column("is_old", "老旧小区", "boolean", aliases=("是否老旧小区",)),
        *point(),
    ),
)

GRID_UNIT = Ledger(
    id="grid_unit",
    name="网格台账",
    grain="一网格一行",
    columns=(
        Column("grid_id", "网格编号", "code"),
        Column("grid_name", "网格名称", "text"),
        *place(),
        Column("households", "户数", "integer", unit="户", lo=0),
        Column("set_on", "设立日期", "date"),
        optional_date("merged_on", "撤并日期", "仍在用的留空"),
        *point(),
    ),
    rules=(after("merged_on", "set_on"),),
)

GRID_ROLE = Ledger(
    id="grid_role",
    name="网格岗位字典",
    grain="一种岗位一行",
    columns=(
        Column("role_id", "岗位编号", "code"),
        Column("role_name", "岗位名称", "text", note="“一长六员”的名称未见公开文件，可改"),
        Column("is_leader", "网格长岗位", "boolean"),
        Column("is_required", "必配岗位", "boolean"),
    ),
    unique=(("role_name",),),
)

GRID_POST = Ledger(
    id="grid_post",
    name="网格岗位台账",
    grain="一次到岗一行，只记岗位、不记人",
    columns=(
        Column("post_id", "岗位记录编号", "code"),
        Column("grid_id", "网格编号", "code", refers="grid_unit"),
        Column("role_id", "岗位编号", "code", refers="grid_role"),
        Column("filled_on", "到岗日期", "date"),
        optional_date("vacated_on", "离岗日期", "在岗的留空"),
    ),
    rules=(not_before("vacated_on", "filled_on"),),
)

BUILDING = Ledger(
    id="building",
    name="楼栋台账",
    grain="一住宅楼栋一行",
    columns=(
        Column("building_id", "楼栋编号", "code"),
        Column("building_name", "楼栋名称", "text"),
        Column("neighbourhood_id", "小区编号", "code", refers="neighbourhood"),
        Column("grid_id", "网格编号", "code", refers="grid_unit"),
        *place(),
        BUILT_YEAR,
        Column("storeys", "层数", "integer", unit="层", lo=1, hi=120),
        Column("has_lift", "有电梯", "boolean", aliases=("有无电梯", "是否有电梯")),
        Column("households", "户数", "integer", unit="户", lo=0),
        Column("residents", "常住居民", "integer", unit="人", lo=0),
        Column("residents_60", "60岁及以上居民", "integer", unit="人", lo=0),
        Column("residents_0_3", "0至3岁婴幼儿", "integer", unit="人", lo=0),
        *point(),
    ),
    rules=(at_most("residents_60", "residents"), at_most("residents_0_3", "residents")),
)

BUILDING_POST = Ledger(
    id="building_post",
    name="楼栋骨干台账",
    grain="一个楼栋党小组长岗位或一户党员中心户一行，不记人",
    columns=(
        Column("post_id", "骨干记录编号", "code"),
        Column("building_id", "楼栋编号", "code", refers="building"),
        choice("kind", "类别", "楼栋党小组长", "党员中心户"),
        Column("since_on", "起始日期", "date"),
        optional_date("until_on", "截止日期", "在任的留空"),
    ),
    rules=(not_before("until_on", "since_on"),),
)
