"""Tables of the grids as they are shown: Chinese heads, units, signs."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.wording import level_of
from chunshui.ui.data import places
from chunshui.ui.data.remembering import beside, remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.grids import data
from chunshui.ui.widgets.tables import LEDGER, headed, readable

PLACE = {"street_name": "街道", "community_name": "社区"}
ALL = "合计"
VACANCIES = {
    "grid_name": "网格", "role_name": "空缺岗位", "vacant_days": "已空缺（天）",
    "since_on": "自何日", "households": "户数", **PLACE, "before": "上一任", **LEDGER,
}  # fmt: skip
LACKING = {
    "grid_name": "网格", "lack": "缺什么", "households": "户数", "leaders": "楼栋党小组长（名）",
    "centres": "党员中心户（家）", "leader_days": "网格长已空缺（天）", **PLACE, **LEDGER,
}  # fmt: skip
SIZES = {
    "grid_name": "网格", "households": "户数", "above": "超上限（户）", "below": "不足下限（户）",
    **PLACE, **LEDGER,
}  # fmt: skip
GRIDS = {
    "grid_name": "网格", "households": "户数", "vacant_posts": "空缺岗位", "vacant_names": "缺哪些",
    "vacant_days": "最久已空缺（天）", "leaders": "楼栋党小组长（名）", "centres": "党员中心户（家）",
    **PLACE, **LEDGER,
}  # fmt: skip
POSTS = {
    "post": "岗位", "building_name": "楼栋", "since_on": "到岗", "until_on": "离岗", "state": "现状",
    **LEDGER,
}  # fmt: skip
SIDE_BY_SIDE = (
    "grid_posts_filled",
    "grid_roles_filled",
    "grid_households_staffed",
    "grid_post_days",
    "grid_compliance",
    "grid_no_core",
    "households_per_leader",
    "households_per_centre",
)


@remembered(256)
def roles(scope: Scope) -> pd.DataFrame:
    """Return each role of the dictionary by posts, homes and days, the most vacant first, and all."""
    rows, vacancies = data.roles(scope), data.vacancies(scope)
    counts = ["posts", "filled", "households", "filled_households", "due_days", "filled_days"]
    rows = rows.assign(vacant=rows["posts"] - rows["filled"])
    rows = rows.sort_values(["vacant", "role_id"], ascending=[False, True])
    rows = pd.concat([rows, rows[counts].sum().to_frame().T.assign(role_name=ALL)])
    longest = vacancies.groupby("role_name")["vacant_days"].max().to_dict()
    longest[ALL] = vacancies["vacant_days"].max()
    shares = {
        head: [words.percent(one) for one in ratio(rows[part], rows[whole], 100)]
        for head, part, whole in (
            ("到岗率", "filled", "posts"),
            ("按户数", "filled_households", "households"),
            ("按天数", "filled_days", "due_days"),
        )
    }
    return readable(
        pd.DataFrame(
            {
                "岗位": rows["role_name"],
                "空缺": (rows["posts"] - rows["filled"]).astype(int),
                "最久（天）": rows["role_name"].map(longest).astype("Int64"),
                **shares,
                "应设": rows["posts"].astype(int),
            }
        ).reset_index(drop=True)
    )


@beside
def vacancies(rows: pd.DataFrame) -> pd.DataFrame:
    """Return vacant posts, as they come: the longest first."""
    before = rows["was_held"].map({True: "有到岗记录", False: "台账没有到岗记录"})
    return headed(rows.assign(before=before), VACANCIES)


@beside
def lacking(rows: pd.DataFrame) -> pd.DataFrame:
    """Return grids with which of `data.LACKS` each lacks."""
    single = [data.LEADER, data.GROUP_LEADER, data.CENTRE]
    flags = {lack: data.lacking(rows, lack) for lack in single}
    texts = [
        "、".join(
            lack.removeprefix("没有") for lack, lacks in zip(single, row, strict=True) if lacks
        )
        for row in zip(*flags.values(), strict=True)
    ]
    return headed(rows.assign(lack=texts), LACKING)


@beside
def sizes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return grids outside the bounds of their size with how far they are."""
    outside = rows["outside"]
    above, below = outside.where(outside > 0), -outside.where(outside < 0)
    return headed(rows.assign(above=above, below=below), SIZES)


@beside
def grids(rows: pd.DataFrame) -> pd.DataFrame:
    """Return grids with what each has and lacks."""
    return headed(rows, GRIDS)


@remembered(256)
def side_by_side(scope: Scope) -> pd.DataFrame:
    """Return the streets, or the communities of the one in scope, with one figure beside another.

    In the order of the first: the fewest of whose posts are filled come first.
    """
    first = places(scope, SIDE_BY_SIDE[0])
    level = level_of(first)
    named = first[first[f"{level}_code"].notna()][::-1]
    table = {words.label(f"{level}_name"): named[f"{level}_name"].tolist()}
    for metric_id in SIDE_BY_SIDE:
        rows = places(scope, metric_id)
        texts = dict(zip(rows[f"{level}_code"], rows["text"], strict=True))
        table[get_metric(metric_id).short] = [
            texts.get(code, words.MISSING) for code in named[f"{level}_code"]
        ]
    return readable(pd.DataFrame(table))
