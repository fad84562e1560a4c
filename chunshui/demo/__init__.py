"""The demonstration district: synthetic ledgers over a real outline and real rosters.

`tables` makes every table; `write_ledgers` writes them as ledgers, the one way into a version.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from chunshui.demo import (
    actions,
    activities,
    assignments,
    brands,
    days,
    drills,
    geography,
    governance,
    lifts,
    linkage,
    neighbours,
    network,
    new_jobs,
    opinions,
    organisation,
    people,
    pledges,
    premises,
    programmes,
    renewal,
    stations,
)
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.out.write import write

PLAN = {
    "行政区界.geojson": ["district"],
    "街道名录.geojson": ["street"],
    "社区名录.geojson": ["community"],
    "步行屏障.geojson": ["barrier"],
    "楼栋台账.csv": ["building"],
    "步行节点.csv": ["walk_node"],
    "步行路段.csv": ["walk_edge"],
    "网格岗位台账.csv": ["grid_post"],
    "包保联动台账.csv": ["linkage"],
    "空间台账.xlsx": ["neighbourhood", "grid_unit", "grid_role", "building_post"],
    "组织台账.xlsx": [
        "party_committee", "party_branch", "branch_neighbourhood", "member_unit", "pledge", "brand", "award", "action_task", "theme_year", "label",
        "industry_committee", "cluster", "two_new_org",
    ],
    "阵地台账.xlsx": ["station", "station_function", "station_hours"],
    "可用房屋台账.xlsx": ["premises"],
    "新就业群体台账.xlsx": ["new_job_role", "meal_exchange", "survey_need"],
    "居民自治台账.xlsx": ["covenant", "forum_matter", "carrier_month"],
    "民情台账.xlsx": ["opinion", "opinion_event", "opinion_category", "opinion_callback"],
    "揭榜领题台账.csv": ["challenge"],
    "活动台账.xlsx": ["activity", "training", "bulletin"],
    "交办台账.xlsx": ["assignment"],
    "工作日台账.csv": ["workday"],
    "公开数据对照.csv": ["claim"],
    "拉练台账.xlsx": ["board_metric", "cohort", "drill_event"],
    "更新台账.xlsx": [
        "renovation_project", "renovation_step", "renovation_stage", "investment", "beneficiary",
        "fund_entry", "demo_site",
    ],
    "加装电梯台账.xlsx": ["consent_rule", "elevator", "elevator_consent"],
    "四创清单核查台账.csv": ["full_community_check"],
    "专项台账.xlsx": ["full_community_item", "fund_project", "fund_project_entry"],
}  # fmt: skip
"""Which ledgers go into which file."""

VALID_FROM = np.datetime64("2022-01-01")


def write_ledgers(
    folder: Path, progress: Callable[[str, float], None] = lambda step, share: None
) -> list[Path]:
    """Write the demonstration district's ledgers into `folder`; return the files written.

    `progress` is told the step (Chinese) and the share done.
    """
    frames = tables(lambda step, share: progress(step, 0.6 * share))
    progress("写出台账", 0.6)
    written = write(frames, folder, demonstration=True, plan=PLAN)
    progress("台账已写出", 1.0)
    return written


def tables(
    progress: Callable[[str, float], None] = lambda step, share: None,
) -> dict[str, pd.DataFrame]:
    """Every table of the demonstration district by ledger id, in the columns of the schema.

    Shapes are shapely geometries and coordinates degrees, both WGS-84. The same every time.
    """
    progress("街区与社区", 0.0)
    ground = geography.build()
    progress("楼栋与居民", 0.4)
    homes = people.settle(ground)
    progress("步行网络", 0.5)
    walk = network.build(ground, homes)
    progress("组织、阵地与民情", 0.65)
    communities = ground.communities
    hoods, buildings = homes.neighbourhoods, homes.buildings
    money = renewal.build(hoods, buildings, communities)
    placed = stations.build(ground, homes, walk)
    placed["station_function"] = new_jobs.windows(placed["station_function"])
    posts = governance.build_posts(homes, communities)
    organised = organisation.build(ground.streets, communities, hoods)
    placed["station"] = organisation.stations_in_clusters(placed["station"], organised["cluster"])
    frames = {
        **_places(ground),
        "neighbourhood": hoods,
        "building": buildings,
        "walk_node": walk.nodes,
        "walk_edge": walk.edges,
        **posts,
        **organised,
        **actions.build(),
        **brands.build(ground.streets, communities),
        **pledges.build(organised),
        **linkage.build(organised, posts["building_post"], buildings),
        **placed,
        "premises": premises.build(ground, homes, placed["station"]),
        **new_jobs.build(communities, posts["grid_unit"], placed),
        **neighbours.build(communities, placed),
        **opinions.build_opinions(communities, buildings),
        "challenge": opinions.build_challenges(communities, ground.streets),
        "assignment": assignments.build(ground.streets, communities),
        "workday": days.announced(),
        "claim": _claims(),
        **activities.build(ground.streets, communities, placed["station"]),
        **drills.build(communities, hoods, buildings),
        **money,
        **lifts.build(buildings),
        **programmes.build(renewal.STAGES, communities, money["fund_entry"]),
    }
    progress("整理", 0.95)
    return {name: _finish(name, frame) for name, frame in frames.items()}


def _places(ground: geography.Ground) -> dict[str, pd.DataFrame]:
    facts = people.census()
    district = pd.DataFrame(
        {
            "district_code": ["420104"],
            "district_name": ["硚口区"],
            "population": [int(facts["population"])],
            "population_source": ["2020年第七次全国人口普查"],
            "shape": [ground.outline],
        }
    )
    valid = {"valid_from": VALID_FROM, "valid_to": np.datetime64("NaT")}
    return {
        "district": district,
        "street": ground.streets.assign(district_code="420104", **valid),
        "community": ground.communities.assign(**valid),
        "barrier": ground.barriers,
    }


def _claims() -> pd.DataFrame:
    """What the report says of the district, in the columns of the ledger."""
    table = geography.read_reference("claims.csv").replace("", None)
    table.columns = pd.Index(ALL["claim"].stored)
    return table.assign(value=table["value"].astype(float))


def _finish(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The columns the ledger stores, in its order, positions in degrees."""
    frame = frame.copy()
    if "shape" in frame:
        frame["shape"] = shapely.transform(frame["shape"].to_numpy(), geography.to_degrees)
    if "x" in frame:
        frame[["lon", "lat"]] = geography.to_degrees(frame[["x", "y"]].to_numpy(float))
    return frame[[key for key in ALL[name].stored if key in frame]].reset_index(drop=True)
