"""Party organisations and the units joined to them."""

from collections.abc import Mapping

import pandas as pd

from chunshui.ledgers.contracts.contract import (
    Column,
    Ledger,
    Rule,
    after,
    both_or_none,
    choice,
    community,
    not_before,
    optional_date,
    optional_id,
    place,
    street,
)

ESTABLISHED_ON = Column("established_on", "成立日期", "date")
DISSOLVED_ON = optional_date("dissolved_on", "撤销日期", "仍在的留空")

PARTY_COMMITTEE = Ledger(
    id="party_committee",
    name="大工委大党委台账",
    grain="一个街道大工委或社区大党委一行",
    columns=(
        Column("committee_id", "组织编号", "code"),
        Column("committee_name", "组织名称", "text"),
        choice("level", "层级", "街道大工委", "社区大党委"),
        street(),
        community(required=False, note="社区大党委必填，街道大工委留空"),
        ESTABLISHED_ON,
        DISSOLVED_ON,
    ),
    unique=(("committee_name",),),
    rules=(
        after("dissolved_on", "established_on"),
        Rule(
            "community_code",
            lambda rows: (rows["level"] == "社区大党委") != rows["community_code"].notna(),
            "层级与社区对不上",
            "社区大党委请填社区，街道大工委请把社区留空",
        ),
    ),
)

PARTY_BRANCH = Ledger(
    id="party_branch",
    name="党支部台账",
    grain="一个小区（片区）党支部一行",
    columns=(
        Column("branch_id", "支部编号", "code"),
        Column("branch_name", "支部名称", "text"),
        *place(),
        ESTABLISHED_ON,
        DISSOLVED_ON,
    ),
    rules=(after("dissolved_on", "established_on"),),
)

BRANCH_NEIGHBOURHOOD = Ledger(
    id="branch_neighbourhood",
    name="支部覆盖小区台账",
    grain="一个支部覆盖的一个小区一行",
    columns=(
        Column("branch_id", "支部编号", "code", refers="party_branch"),
        Column("neighbourhood_id", "小区编号", "code", refers="neighbourhood"),
    ),
    key=("branch_id", "neighbourhood_id"),
)

MEMBER_UNIT = Ledger(
    id="member_unit",
    name="成员单位台账",
    grain="一家成员单位一行",
    columns=(
        Column("unit_id", "单位编号", "code"),
        Column("unit_name", "单位名称", "text"),
        choice("kind", "类别", "机关事业", "群团组织", "自治组织", "经济组织", "社会组织"),
        Column("committee_id", "组织编号", "code", refers="party_committee"),
        Column("joined_on", "加入日期", "date"),
        optional_date("left_on", "退出日期", "仍在的留空"),
    ),
    rules=(not_before("left_on", "joined_on"),),
)

INDUSTRY_COMMITTEE = Ledger(
    id="industry_committee",
    name="行业综合党委台账",
    grain="一个区级行业系统综合党委一行",
    columns=(
        Column("industry_id", "行业党委编号", "code"),
        Column("industry_name", "行业党委名称", "text"),
        ESTABLISHED_ON,
        DISSOLVED_ON,
    ),
    unique=(("industry_name",),),
    rules=(after("dissolved_on", "established_on"),),
)

CLUSTER = Ledger(
    id="cluster",
    name="集聚区台账",
    grain="一个产业集聚区一行",
    columns=(
        Column("cluster_id", "集聚区编号", "code"),
        Column("cluster_name", "集聚区名称", "text"),
        street(note="集聚区党组织所在的街道"),
        optional_id(
            "industry_id", "行业党委编号", "industry_committee", "牵头的行业党委；没有的留空"
        ),
        Column("industry_label", "产业", "text", required=False, note="照文件原名填写，不作归类"),
        Column("named_on", "认定日期", "date"),
    ),
    unique=(("cluster_name",),),
)

TWO_NEW_ORG = Ledger(
    id="two_new_org",
    name="两新组织台账",
    grain="一家两新组织一行",
    columns=(
        Column("org_id", "两新组织编号", "code"),
        Column("org_name", "两新组织名称", "text"),
        choice("kind", "类别", "非公企业", "社会组织"),
        Column("industry_id", "行业党委编号", "code", refers="industry_committee"),
        *place(),
        Column("opened_on", "登记日期", "date"),
        optional_date("closed_on", "注销日期", "在营的留空"),
        choice(
            "cover",
            "覆盖方式",
            "单独组建",
            "联合组建",
            "工作覆盖",
            "未覆盖",
            note="工作覆盖不计入组织覆盖率",
        ),
        optional_date("covered_on", "覆盖日期", "未覆盖的留空"),
        optional_id("cluster_id", "集聚区编号", "cluster", "不在集聚区的留空"),
    ),
    rules=(
        not_before("closed_on", "opened_on"),
        Rule(
            "covered_on",
            lambda rows: (rows["cover"] == "未覆盖") != rows["covered_on"].isna(),
            "覆盖方式与覆盖日期对不上",
            "已覆盖的请填覆盖日期，未覆盖的请把覆盖日期留空",
        ),
    ),
)

# The levels of the linkage: which column says who is backed, and which of whose organisation the
# backing post is; the district's own posts are of none.
BACKED = {
    "区-街道": "committee_id",
    "街道-社区": "committee_id",
    "社区-小区": "branch_id",
    "小区-中心户": "post_id",
}
BACKERS = {
    "区-街道": None,
    "街道-社区": "backer_committee_id",
    "社区-小区": "backer_committee_id",
    "小区-中心户": "backer_branch_id",
}


def _of_the_level(columns: Mapping[str, str | None], what: str) -> Rule:
    """Of some columns the one that the level asks for is filled in, and no other."""
    keys = list(dict.fromkeys(key for key in columns.values() if key))

    def broken(rows: pd.DataFrame) -> pd.Series:
        asked = rows["tier"].map(columns)
        wrong = [rows[key].notna() != (asked == key) for key in keys]
        return pd.concat(wrong, axis=1).any(axis=1) & rows["tier"].notna()

    mend = "请按层级只填一个" + "，区-街道留空" * (None in columns.values())
    return Rule(keys[0], broken, f"层级与{what}对不上", mend)


LINKAGE = Ledger(
    id="linkage",
    name="包保联动台账",
    grain="一个岗位包保一个下级组织或一家党员中心户一行",
    columns=(
        Column("link_id", "包保编号", "code"),
        choice("tier", "层级", *BACKED),
        optional_id("committee_id", "对象组织编号", "party_committee", "区-街道、街道-社区填"),
        optional_id("branch_id", "对象支部编号", "party_branch", "社区-小区填"),
        optional_id("post_id", "对象中心户编号", "building_post", "小区-中心户填"),
        optional_id(
            "backer_committee_id", "包保组织编号", "party_committee", "街道-社区、社区-小区填"
        ),
        optional_id("backer_branch_id", "包保支部编号", "party_branch", "小区-中心户填"),
        Column("backer_post", "包保岗位", "text", note="只填岗位，不填姓名"),
        Column("since_on", "包保起始日期", "date"),
        optional_date("until_on", "包保终止日期", "仍在包保的留空"),
    ),
    rules=(
        not_before("until_on", "since_on"),
        _of_the_level(BACKED, "包保对象"),
        _of_the_level(BACKERS, "包保组织"),
    ),
)

PLEDGE = Ledger(
    id="pledge",
    name="成员单位承诺台账",
    grain="成员单位的一项承诺一行",
    columns=(
        Column("pledge_id", "承诺编号", "code"),
        Column("unit_id", "单位编号", "code", refers="member_unit"),
        Column("content", "承诺事项", "text"),
        choice("kind", "类别", "资金", "场地", "人力", "服务", "物资"),
        Column("quantity", "数量", "number", lo=0, required=False),
        Column("measure", "计量单位", "text", required=False, note="元、场、人次、件……"),
        Column("promised_on", "承诺日期", "date"),
        Column("due_on", "应兑现日期", "date"),
        optional_date("delivered_on", "兑现日期", "没有兑现的留空"),
        optional_id(
            "confirmed_by",
            "确认组织编号",
            "party_committee",
            "确认兑现的大工委、大党委；没有兑现的留空",
        ),
    ),
    rules=(
        not_before("due_on", "promised_on"),
        not_before("delivered_on", "promised_on"),
        both_or_none("quantity", "measure", "请都填或都留空"),
        Rule(
            "confirmed_by",
            lambda rows: rows["confirmed_by"].notna() & rows["delivered_on"].isna(),
            "没有兑现日期却有确认组织",
            "已兑现的请填兑现日期，没有兑现的请把确认组织留空",
        ),
    ),
)

BRAND = Ledger(
    id="brand",
    name="党建品牌台账",
    grain="一个街道或社区的一个党建品牌一行",
    columns=(
        Column("brand_id", "品牌编号", "code"),
        Column("brand_name", "品牌名称", "text"),
        choice("level", "层级", "街道", "社区"),
        street(),
        community(required=False, note="社区的品牌必填，街道的留空"),
        Column("theme", "主题", "text", required=False),
        Column("declared_on", "确立日期", "date"),
        optional_date("ended_on", "终止日期", "仍在的留空"),
    ),
    rules=(
        not_before("ended_on", "declared_on"),
        Rule(
            "community_code",
            lambda rows: (rows["level"] == "社区") != rows["community_code"].notna(),
            "层级与社区对不上",
            "社区的品牌请填社区，街道的品牌请把社区留空",
        ),
    ),
)

AWARD = Ledger(
    id="award",
    name="十大品牌十大案例台账",
    grain="一项入选的品牌或案例一行",
    columns=(
        Column("award_id", "评选编号", "code"),
        choice("kind", "评选", "十大党建特色品牌", "十大党建创新案例"),
        Column("year", "年度", "integer", lo=2000, hi=2100),
        Column("title", "入选名称", "text"),
        street(),
        community(required=False, note="街道的留空"),
        Column("brand_id", "品牌编号", "code", required=False, refers="brand"),
        Column("awarded_on", "公布日期", "date"),
    ),
)

ACTIONS = ("党旗飘扬", "提质增效", "头雁领航", "互融互促", "聚力赋能", "创新拓展")

ACTION_TASK = Ledger(
    id="action_task",
    name="六大行动任务台账",
    grain="六大行动的一个任务节点一行",
    columns=(
        Column("task_id", "任务编号", "code"),
        choice("action", "行动", *ACTIONS),
        Column("title", "任务", "text"),
        Column("lead_unit", "牵头单位", "text"),
        Column("planned_on", "计划完成日期", "date"),
        optional_date("done_on", "完成日期", "没有完成的留空"),
    ),
)

THEME_YEAR = Ledger(
    id="theme_year",
    name="基层党建主题年台账",
    grain="一个主题年一行",
    columns=(
        Column("theme_id", "主题年编号", "code"),
        Column("theme_name", "主题年", "text"),
        optional_date("starts_on", "开始日期", "未见公开的留空"),
        optional_date("ends_on", "结束日期", "未见公开的留空"),
    ),
    rules=(after("ends_on", "starts_on"),),
)

LABEL = Ledger(
    id="label",
    name="提法台账",
    grain="一个提法一行",
    columns=(
        Column("term", "提法", "text"),
        Column("sentence", "原文", "text"),
        Column("meaning", "公开解释", "text", required=False, note="未见公开解释的留空"),
    ),
)
