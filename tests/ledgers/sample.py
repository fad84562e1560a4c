# ruff: noqa: C408 (rows read better as dict(name=value))
"""A district small enough to read: one row or a few in every ledger, and a way to spoil a cell."""

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import shapely

from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.out.write import write

DAY = dt.date
STREETS = ("420104001", "420104002")
COMMUNITIES = ("420104001001", "420104001002", "420104002001")
POINT = {"lon": 114.2201, "lat": 30.5801}

# Two workbooks, four csv files and the maps: every way a ledger may come.
PLAN = {
    **{f"{ALL[i].name}.geojson": [i] for i in ("district", "street", "community", "barrier")},
    "地点.xlsx": ["neighbourhood", "grid_unit", "grid_role", "grid_post", "building_post"],
    "其他.xlsx": [
        *(
            "party_committee",
            "party_branch",
            "branch_neighbourhood",
            "member_unit",
            "pledge",
            "brand",
            "award",
            "action_task",
            "theme_year",
            "label",
        ),
        *(
            "industry_committee",
            "cluster",
            "two_new_org",
            "linkage",
            "station",
            "station_function",
            "station_hours",
            "activity",
            "training",
            "bulletin",
            "new_job_role",
            "meal_exchange",
            "survey_need",
        ),
        "premises",
        *("covenant", "forum_matter", "carrier_month"),
        *("opinion", "opinion_event", "opinion_callback", "opinion_category"),
        *("claim", "workday", "challenge", "assignment", "board_metric", "cohort", "drill_event"),
        *("renovation_project", "renovation_step"),
        *("renovation_stage", "consent_rule", "elevator", "elevator_consent"),
        *("full_community_item", "full_community_check", "fund_project", "fund_project_entry"),
        *("investment", "beneficiary", "fund_entry", "demo_site"),
    ],
    **{f"{ALL[i].name}.csv": [i] for i in ("building", "walk_node", "walk_edge")},
}


def tables() -> dict[str, pd.DataFrame]:
    """Every ledger, as the frames `write` takes."""
    square = shapely.box(114.20, 30.56, 114.24, 30.60)
    west, east = (
        shapely.box(114.20, 30.56, 114.22, 30.60),
        shapely.box(114.22, 30.56, 114.24, 30.60),
    )
    north, south = (
        shapely.box(114.20, 30.58, 114.22, 30.60),
        shapely.box(114.20, 30.56, 114.22, 30.58),
    )
    start = DAY(2020, 1, 1)
    rows: dict[str, list[dict]] = {
        "district": [
            dict(district_code="420104", district_name="硚口区", population=666_661,
                 population_source="2020 年普查", shape=square),
        ],
        "street": [
            dict(street_code=code, street_name=name, district_code="420104", valid_from=start,
                 valid_to=None, shape=shape)
            for code, name, shape in zip(STREETS, ("古田街道", "汉正街道"), (west, east), strict=True)
        ],
        # 新合社区 is the name of a community in either street.
        "community": [
            dict(community_code=code, community_name=name, official_name=name + "居民委员会",
                 street_code=code[:9], valid_from=start, valid_to=end, shape=shape)
            for code, name, end, shape in zip(
                COMMUNITIES, ("古一社区", "新合社区", "新合社区"), (None, DAY(2030, 1, 1), None),
                (north, south, east), strict=True,
            )
        ],
        "barrier": [
            dict(barrier_id="B1", barrier_name="汉江", kind="河流", shape=shapely.box(114.2, 30.55, 114.25, 30.561)),
            dict(barrier_id="B2", barrier_name="京广铁路", kind="铁路",
                 shape=shapely.LineString([(114.2, 30.57), (114.24, 30.59)])),
        ],
        "neighbourhood": [
            dict(neighbourhood_id="N1", neighbourhood_name="古一小区", kind="小区",
                 community_code=COMMUNITIES[0], built_year=1985, is_old=True, **POINT),
            dict(neighbourhood_id="N2", neighbourhood_name="新合片区", kind="片区",
                 community_code=COMMUNITIES[2], built_year=None, is_old=False, **POINT),
        ],
        "grid_unit": [
            dict(grid_id=f"G{n}", grid_name=f"第{n}网格", community_code=COMMUNITIES[n % 3],
                 households=300 + n, set_on=DAY(2021, 3, n + 1),
                 merged_on=DAY(2024, 1, 1) if n == 3 else None, lon=round(114.2101 + n / 1000, 6), lat=30.5712)
            for n in range(5)
        ],
        "grid_role": [
            dict(role_id="R1", role_name="网格长", is_leader=True, is_required=True),
            dict(role_id="R2", role_name="网格员", is_leader=False, is_required=True),
        ],
        "grid_post": [
            dict(post_id="P1", grid_id="G0", role_id="R1", filled_on=start, vacated_on=DAY(2022, 1, 1)),
            dict(post_id="P2", grid_id="G0", role_id="R1", filled_on=DAY(2022, 1, 1), vacated_on=None),
        ],
        "building": [
            dict(building_id=f"L{n:03d}", building_name=f"{n} 栋", neighbourhood_id="N1", grid_id="G0",
                 community_code=COMMUNITIES[0], built_year=1990 + n, storeys=7, has_lift=n % 2 == 0,
                 households=28, residents=70 + n, residents_60=20, residents_0_3=3, **POINT)
            for n in range(4)
        ],
        "building_post": [
            dict(post_id="K1", building_id="L000", kind="楼栋党小组长", since_on=start, until_on=None),
            dict(post_id="K2", building_id="L000", kind="党员中心户", since_on=start, until_on=start),
        ],
        "party_committee": [
            dict(committee_id="C1", committee_name="古田街道大工委", level="街道大工委",
                 street_code=STREETS[0], community_code=None, established_on=start, dissolved_on=None),
            dict(committee_id="C2", committee_name="汉正街道新合社区大党委", level="社区大党委",
                 street_code=STREETS[1], community_code=COMMUNITIES[2], established_on=start,
                 dissolved_on=None),
        ],
        "party_branch": [
            dict(branch_id="Z1", branch_name="古一小区党支部", community_code=COMMUNITIES[0],
                 established_on=start, dissolved_on=None),
        ],
        "branch_neighbourhood": [dict(branch_id="Z1", neighbourhood_id="N1")],
        "member_unit": [
            dict(unit_id="U1", unit_name="=某某单位", kind="机关事业", committee_id="C1",
                 joined_on=start, left_on=None),
        ],
        "pledge": [
            dict(pledge_id="CN1", unit_id="U1", content="开放会议室", kind="场地", quantity=12.5,
                 measure="场", promised_on=start, due_on=DAY(2024, 5, 1), delivered_on=DAY(2024, 4, 1),
                 confirmed_by="C1"),
            dict(pledge_id="CN2", unit_id="U1", content="义诊", kind="服务", quantity=None,
                 measure=None, promised_on=start, due_on=start, delivered_on=None, confirmed_by=None),
        ],
        "action_task": [
            dict(task_id="RW1", action="党旗飘扬", title="阵地达标", lead_unit="组织部门",
                 planned_on=start, done_on=None),
        ],
        "theme_year": [
            dict(theme_id="ZT1", theme_name="固本强基年", starts_on=None, ends_on=None),
        ],
        "label": [dict(term="四治联动", sentence="形成“四治联动”", meaning=None)],
        "brand": [
            dict(brand_id="PP1", brand_name="古田红", level="街道", street_code=STREETS[0],
                 community_code=None, theme=None, declared_on=start, ended_on=None),
            dict(brand_id="PP2", brand_name="新合邻里", level="社区", street_code=STREETS[1],
                 community_code=COMMUNITIES[2], theme="邻里", declared_on=start, ended_on=DAY(2025, 1, 1)),
        ],
        "award": [
            dict(award_id="PX1", kind="十大党建特色品牌", year=2025, title="古田红", street_code=STREETS[0],
                 community_code=None, brand_id="PP1", awarded_on=DAY(2025, 12, 1)),
            dict(award_id="PX2", kind="十大党建创新案例", year=2025, title="新合的议事会",
                 street_code=STREETS[1], community_code=COMMUNITIES[2], brand_id=None,
                 awarded_on=DAY(2025, 12, 1)),
        ],
        "industry_committee": [
            dict(industry_id="I1", industry_name="商贸行业综合党委", established_on=start,
                 dissolved_on=None),
        ],
        "cluster": [
            dict(cluster_id="J1", cluster_name="古田集聚区", street_code=STREETS[0], industry_id=None,
                 industry_label=None, named_on=start),
        ],
        "two_new_org": [
            dict(org_id="O1", org_name="某企业", kind="非公企业", industry_id="I1",
                 community_code=COMMUNITIES[1], opened_on=start, closed_on=None, cover="未覆盖",
                 covered_on=None, cluster_id=None),
            dict(org_id="O2", org_name="某协会", kind="社会组织", industry_id="I1",
                 community_code=COMMUNITIES[1], opened_on=start, closed_on=None, cover="联合组建",
                 covered_on=DAY(2023, 5, 4), cluster_id="J1"),
        ],
        "linkage": [
            dict(link_id=f"B{n}", tier=tier, backer_post="岗", since_on=start, until_on=None,
                 **{**dict.fromkeys(("committee_id", "branch_id", "post_id",
                                     "backer_committee_id", "backer_branch_id")), **both})
            for n, (tier, both) in enumerate([
                ("区-街道", dict(committee_id="C1")),
                ("街道-社区", dict(committee_id="C2", backer_committee_id="C1")),
                ("社区-小区", dict(branch_id="Z1", backer_committee_id="C2")),
                ("小区-中心户", dict(post_id="K2", backer_branch_id="Z1")),
            ])
        ],
        "station": [
            dict(station_id="S1", station_name="古田街道党群服务中心", level="街道", brand=None,
                 street_code=STREETS[0], community_code=None, area_m2=1200.5, opened_on=start,
                 closed_on=None, cluster_id=None, **POINT),
            dict(station_id="S2", station_name="新合社区党群服务中心", level="社区", brand="江城红领驿站",
                 street_code=STREETS[1], community_code=COMMUNITIES[2], area_m2=640.0,
                 opened_on=start, closed_on=DAY(2025, 1, 1), cluster_id=None, **POINT),
        ],
        "station_function": [
            dict(station_id="S1", function="幸福食堂", capacity_per_day=120),
            dict(station_id="S1", function="党群服务", capacity_per_day=None),
        ],
        "station_hours": [
            dict(station_id="S1", weekday=1, opens_minute=510, closes_minute=1050),
            dict(station_id="S1", weekday=7, opens_minute=0, closes_minute=1440),
        ],
        "activity": [
            dict(activity_id="H1", held_on=start, kind="大树下的议事会", title="停车议事", theme=None,
                 street_code=STREETS[0], community_code=COMMUNITIES[0], station_id="S1",
                 held_by="古一社区大党委", attendees=31),
            dict(activity_id="H2", held_on=start, kind="湾有引力", title="健步走", theme="红色汉江湾",
                 street_code=STREETS[1], community_code=None, station_id=None,
                 held_by="街道大工委", attendees=120),
        ],
        "training": [
            dict(training_id="L1", held_on=start, level="区", street_code=None, topic="党建实务",
                 hours=4.0, invited=80, attended=76),
            dict(training_id="L2", held_on=start, level="街道", street_code=STREETS[0],
                 topic="议事方法", hours=2.5, invited=30, attended=30),
        ],
        "bulletin": [
            dict(issue="2026年第1期", week_start=DAY(2026, 1, 5), issued_on=DAY(2026, 1, 12),
                 headline=None),
        ],
        "new_job_role": [
            dict(post_id="X1", role="网格助理", community_code=COMMUNITIES[0], grid_id=None,
                 filled_on=start, vacated_on=None),
        ],
        "meal_exchange": [
            dict(station_id="S1", month=start, deliveries=12, discounted=9, elders=15),
        ],
        "survey_need": [
            dict(answer_id="Q1", survey_id="D1", asked_from=start, asked_to=start, mode="线上",
                 street_code=None, need="歇脚", answers=30, respondents=120),
        ],
        "board_metric": [
            dict(entry_id="SM1", year=2026, board="月拉练", metric_id="opinion_on_time_rate", weight=100.0,
                 floor=50.0, target=90.0, noise="办件"),
        ],
        "cohort": [
            dict(cohort_id="FZ1", year=2026, community_code=COMMUNITIES[0], cohort="户数较多",
                 basis="户数在中位数以上", declared_on=DAY(2026, 1, 5)),
        ],
        "drill_event": [
            dict(drill_id="LL1", board="月拉练", month=DAY(2026, 9, 1), held_on=DAY(2026, 10, 10), seed=7,
                 weights="opinion_on_time_rate=100", cohort_year=2026, version_id=None, result_digest=None),
        ],
        "premises": [
            dict(premises_id="F1", premises_name="古一社区原办公用房", address="古田二路 1 号",
                 community_code=COMMUNITIES[0], area_m2=320.0, owner="街道", state="空置",
                 is_ground_floor=True, capacity_per_day=None, listed_on=start, settled_on=None,
                 **POINT),
            dict(premises_id="F2", premises_name="新合社区闲置公房", address=None,
                 community_code=COMMUNITIES[2], area_m2=88.5, owner="区属公房", state="在用可腾退",
                 is_ground_floor=False, capacity_per_day=40, listed_on=start,
                 settled_on=DAY(2026, 1, 5), **POINT),
        ],
        "covenant": [
            dict(covenant_id="Y1", community_code=COMMUNITIES[0], meeting="居民会议",
                 adopted_on=start, filed_on=None, ended_on=None),
        ],
        "forum_matter": [
            dict(matter_id="S1", kind="5点半话筒", community_code=COMMUNITIES[0], held_at="广场",
                 held_on=start, matter="晾晒", settled_on=None),
        ],
        "carrier_month": [
            dict(station_id="S1", carrier="时间银行", month=start, earned=12, used=9, people=5),
        ],
        "opinion": [
            dict(opinion_id="Y1", community_code=COMMUNITIES[0], channel="议事会", category="停车",
                 received_on=DAY(2026, 3, 2), due_on=DAY(2026, 3, 9), closed_on=DAY(2026, 3, 5),
                 closed_tier="社区", neighbourhood_id="N1"),
            dict(opinion_id="Y2", community_code=COMMUNITIES[0], channel="网格走访", category="漏水",
                 received_on=DAY(2026, 3, 2), due_on=DAY(2026, 3, 9), closed_on=None, closed_tier=None,
                 neighbourhood_id="N1", repeat_of="Y1"),
        ],
        "opinion_event": [
            dict(opinion_id="Y1", step=1, tier="小区", action="受理", happened_on=DAY(2026, 3, 2)),
            dict(opinion_id="Y1", step=2, tier="社区", action="办结", happened_on=DAY(2026, 3, 5)),
        ],
        "opinion_callback": [
            dict(opinion_id="Y1", called_on=DAY(2026, 3, 9), is_reached=True, is_solved=True,
                 is_satisfied=False),
        ],
        "opinion_category": [dict(category="停车秩序", limit_workdays=10)],
        "claim": [
            dict(claim_id="C01", subject="街道大工委数", comparator="等于", value=11.0, unit="个",
                 metric_id="street_committees", other_metrics=None, quote="11个街道大工委", note=None),
        ],
        "workday": [
            dict(day=DAY(2026, 10, 1), kind="放假", holiday="国庆节", notice="放假通知",
                 published_year=2025),
            dict(day=DAY(2026, 10, 10), kind="上班", holiday=None, notice="放假通知",
                 published_year=2025),
        ],
        "challenge": [
            dict(challenge_id="J1", title="停车位不足", category="停车秩序", street_code=STREETS[0],
                 community_code=COMMUNITIES[0], posted_by="街道大工委", posted_on=DAY(2026, 3, 2),
                 mode="主动认领", claimed_by="某单位", claimed_on=DAY(2026, 3, 9),
                 due_on=DAY(2026, 6, 1), done_on=DAY(2026, 5, 6), result="完成"),
            dict(challenge_id="J2", title="雨污管网", category="管网维修", street_code=STREETS[0],
                 posted_by="街道大工委", posted_on=DAY(2026, 3, 2)),
        ],
        "assignment": [
            dict(assignment_id="JD-3F9A12", title="补齐网格长", street_code=STREETS[0],
                 community_code=COMMUNITIES[0], unit="街道大工委", issued_on=DAY(2026, 9, 9),
                 due_on=DAY(2026, 10, 9), basis="网格长配备率，古田街道2026年8月81.2%",
                 snapshot_id="KZ-3F9A-12BC-77D0", is_done=True, done_on=DAY(2026, 10, 8), result="已补齐"),
            dict(assignment_id="JD-2", title="核对台账", unit="区委组织部", issued_on=DAY(2026, 9, 9),
                 due_on=DAY(2026, 10, 9)),
        ],
        "renovation_project": [
            dict(project_id="X1", project_name="古一小区改造", neighbourhood_id="N1",
                 community_code=COMMUNITIES[0], category="完善类", plan_year=2025, buildings=4,
                 households=112, budget_yuan=12_345_678),
        ],
        "renovation_step": [
            dict(stage="申报", position=1, milestone=None),
            dict(stage="开工", position=2, milestone="开工"),
        ],
        "renovation_stage": [
            dict(project_id="X1", stage="申报", planned_on=start, actual_on=DAY(2020, 2, 1)),
            dict(project_id="X1", stage="开工", planned_on=DAY(2026, 12, 1), actual_on=None),
        ],
        "investment": [
            dict(entry_id="T1", project_id="X1", month=DAY(2026, 10, 1), source="市",
                 planned_yuan=30_000_000, allocated_yuan=0, paid_yuan=0),
        ],
        "beneficiary": [
            dict(project_id="X1", unique_residents=280, cumulative_residents=300,
                 confirmed_on=start),
        ],
        "fund_entry": [
            dict(entry_id="J1", booked_on=start, direction="收入", community_code=None, theme=None,
                 element=None, item="捐赠", amount_yuan=50_000),
            dict(entry_id="J2", booked_on=start, direction="支出", community_code=COMMUNITIES[0],
                 theme="一老一小", element="社区社会组织", item="敬老", amount_yuan=1),
        ],
        "demo_site": [
            dict(site_id="D1", site_name="古一示范点", level="市级", community_code=COMMUNITIES[0],
                 named_on=start, revoked_on=None),
        ],
        "consent_rule": [
            dict(rule_id="GZ1", rule_name="样例规则", valid_from=start, valid_to=None,
                 start_households=1, join_households_part=2, join_households_whole=3,
                 join_area_part=2, join_area_whole=3, agree_households_part=3,
                 agree_households_whole=4, agree_area_part=3, agree_area_whole=4,
                 subsidy_cap_yuan=200_000, basis="样例", mark="转载"),
        ],
        "elevator": [
            dict(elevator_id="DT1", elevator_name="古一小区1门栋电梯", building_id="L001", households=14,
                 area_m2=1_120.5, applied_on=start, approved_on=None, started_on=None,
                 in_use_on=None, cost_yuan=760_000, subsidy_yuan=None),
        ],
        "elevator_consent": [
            dict(elevator_id="DT1", counted_on=DAY(2026, 3, 1), voted_households=12,
                 agreed_households=10, voted_m2=960.5, agreed_m2=801.25),
        ],
        "full_community_item": [
            dict(item_id="W1", dimension="完整社区", domain="公共服务", item_name="托儿所",
                 standard="不小于 200 平方米", threshold=200.0, unit="平方米", mark="凭记忆", basis="样例"),
        ],
        "full_community_check": [
            dict(check_id="HC1", community_code=COMMUNITIES[0], item_id="W1", result="未达标",
                 measured=120.5, checked_on=DAY(2026, 5, 1)),
        ],
        "fund_project": [
            dict(project_id="JX1", project_name="古一敬老", community_code=COMMUNITIES[0],
                 theme="一老一小", element="社区社会组织", planned_yuan=20_000, started_on=start,
                 due_on=DAY(2020, 12, 31), delivered_on=DAY(2020, 11, 1), deliverable="敬老活动四场",
                 served=160),
        ],
        "fund_project_entry": [dict(entry_id="J2", project_id="JX1")],
        "walk_node": [
            dict(node_id=n, kind="路口", lon=round(114.21 + n / 1000, 6), lat=30.57) for n in range(3)
        ],
        "walk_edge": [
            dict(edge_id=0, from_node=0, to_node=1, kind="街道", metres=95.9),
            dict(edge_id=1, from_node=1, to_node=2, kind="过街", metres=12.345678901234),
        ],
    }  # fmt: skip
    return {
        ledger_id: pd.DataFrame(some, columns=ALL[ledger_id].stored).astype(object)
        for ledger_id, some in rows.items()
    }


def write_sample(folder: Path, *, demonstration: bool = False) -> None:
    """Write the whole sample."""
    write(tables(), folder, demonstration=demonstration, plan=PLAN)


def plain(frame: pd.DataFrame) -> list[tuple]:
    """The rows as plain values, so that dtypes do not matter."""
    out = []
    for row in frame.itertuples(index=False):
        values = []
        for value in row:
            if isinstance(value, shapely.Geometry):
                values.append(shapely.to_wkb(value))
            elif value is None or (not isinstance(value, bytes) and pd.isna(value)):
                values.append(None)
            elif hasattr(value, "date"):
                values.append(value.date())
            else:
                values.append(value)
        out.append(tuple(values))
    return out


def workbook(path: Path, sheets: dict[str, list[list]]) -> Path:
    """Write a workbook as a person might: just rows of cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path
