"""A district small enough to count by hand: 2 streets, 6 communities, 24 months.

Built straight into a data version's tables, by code, with a ledger row behind every row.
Street 甲 holds communities 甲一 甲二 甲三, street 乙 holds 乙一 乙二 乙三.
"""

import datetime as dt
import hashlib

import duckdb
import pandas as pd

from chunshui.month import Month
from chunshui.warehouse import schema

JIA, YI = "420104001", "420104002"
COMMUNITIES = [f"{street}{n:03d}" for street in (JIA, YI) for n in (1, 2, 3)]
MONTHS = [dt.date(2023 + (10 + n) // 12, (10 + n) % 12 + 1, 1) for n in range(24)]
LAST = "2025-10"
SHAPE = b"\x00"
# The columns that rows of a table give here, in their order; others a table has are missing.
COLUMNS = {
    "district": "district_code district_name population population_source shape",
    "street": "street_code street_name district_code valid_from valid_to shape",
    "community": "community_code community_name official_name street_code valid_from valid_to shape",
    "neighbourhood": "neighbourhood_id neighbourhood_name kind community_code built_year is_old lon lat",
    "grid_unit": "grid_id grid_name community_code households set_on merged_on lon lat",
    "grid_role": "role_id role_name is_leader is_required",
    "grid_post": "post_id grid_id role_id filled_on vacated_on",
    "building": "building_id building_name neighbourhood_id grid_id community_code built_year storeys has_lift households residents residents_60 residents_0_3 lon lat",
    "building_post": "post_id building_id kind since_on until_on",
    "party_committee": "committee_id committee_name level street_code community_code established_on dissolved_on",
    "party_branch": "branch_id branch_name community_code established_on dissolved_on",
    "branch_neighbourhood": "branch_id neighbourhood_id",
    "member_unit": "unit_id unit_name kind committee_id joined_on left_on",
    "pledge": "pledge_id unit_id content kind quantity measure promised_on due_on delivered_on confirmed_by",
    "action_task": "task_id action title lead_unit planned_on done_on",
    "theme_year": "theme_id theme_name starts_on ends_on",
    "label": "term sentence meaning",
    "brand": "brand_id brand_name level street_code community_code theme declared_on ended_on",
    "award": "award_id kind year title street_code community_code brand_id awarded_on",
    "industry_committee": "industry_id industry_name established_on dissolved_on",
    "linkage": "link_id tier committee_id branch_id post_id backer_committee_id backer_branch_id backer_post since_on until_on",
    "two_new_org": "org_id org_name kind industry_id community_code opened_on closed_on cover covered_on",
    "station": "station_id station_name level brand street_code community_code area_m2 opened_on closed_on lon lat",
    "station_function": "station_id function capacity_per_day",
    "station_hours": "station_id weekday opens_minute closes_minute",
    "activity": "activity_id held_on kind title theme street_code community_code station_id held_by attendees",
    "training": "training_id held_on level street_code topic hours invited attended",
    "bulletin": "issue week_start issued_on headline",
    "new_job_role": "post_id role community_code grid_id filled_on vacated_on",
    "meal_exchange": "station_id month deliveries discounted elders",
    "survey_need": "answer_id survey_id asked_from asked_to mode street_code need answers respondents",
    "covenant": "covenant_id community_code meeting adopted_on filed_on ended_on",
    "forum_matter": "matter_id kind community_code held_at held_on matter settled_on",
    "carrier_month": "station_id carrier month earned used people",
    "opinion": "opinion_id community_code channel category received_on due_on closed_on closed_tier neighbourhood_id repeat_of",
    "opinion_event": "opinion_id step tier action happened_on",
    "opinion_callback": "opinion_id called_on is_reached is_solved is_satisfied",
    "opinion_category": "category limit_workdays",
    "challenge": "challenge_id title category street_code community_code posted_by posted_on mode claimed_by claimed_on due_on done_on result",
    "assignment": "assignment_id title street_code community_code unit issued_on due_on basis snapshot_id is_done done_on result",
    "workday": "day kind holiday notice published_year",
    "board_metric": "entry_id year board metric_id weight floor target noise",
    "cohort": "cohort_id year community_code cohort basis declared_on",
    "drill_event": "drill_id board month held_on seed weights cohort_year version_id result_digest",
    "renovation_step": "stage position milestone",
    "renovation_project": "project_id project_name neighbourhood_id community_code category plan_year buildings households budget_yuan",
    "renovation_stage": "project_id stage planned_on actual_on",
    "investment": "entry_id project_id month source planned_yuan allocated_yuan paid_yuan",
    "beneficiary": "project_id unique_residents cumulative_residents confirmed_on",
    "fund_entry": "entry_id booked_on direction community_code theme element item amount_yuan",
    "demo_site": "site_id site_name level community_code named_on revoked_on",
    "consent_rule": "rule_id rule_name valid_from valid_to start_households join_households_part join_households_whole join_area_part join_area_whole agree_households_part agree_households_whole agree_area_part agree_area_whole subsidy_cap_yuan basis mark",
    "elevator": "elevator_id elevator_name building_id households area_m2 applied_on approved_on started_on in_use_on cost_yuan subsidy_yuan",
    "elevator_consent": "elevator_id counted_on voted_households agreed_households voted_m2 agreed_m2",
    "full_community_item": "item_id dimension domain item_name standard threshold unit mark basis",
    "full_community_check": "check_id community_code item_id result measured checked_on",
    "fund_project": "project_id project_name community_code theme element planned_yuan started_on due_on delivered_on deliverable served",
    "fund_project_entry": "entry_id project_id",
    "premises": "premises_id premises_name address community_code area_m2 owner state is_ground_floor capacity_per_day listed_on settled_on lon lat",
    "claim": "claim_id subject comparator value unit metric_id other_metrics quote note",
    "walk_node": "node_id kind lon lat",
    "walk_edge": "edge_id from_node to_node kind metres",
}
STAGES = ["申报", "联审", "设计", "招标", "开工", "完工", "验收", "移交"]


def day(text: str | None) -> dt.date | None:
    """Read a date written 2025-10-31; None stays None."""
    return dt.date.fromisoformat(text) if text else None


def tables() -> dict[str, pd.DataFrame]:
    """Return every table of the district, parents first, with schema columns but no source."""
    since = day("2018-01-01")
    made = {}
    made["district"] = [
        ("420104", "硚口区", 6000, "手工样例", SHAPE),
    ]
    made["street"] = [
        (JIA, "甲街道", "420104", since, None, SHAPE),
        (YI, "乙街道", "420104", since, None, SHAPE),
    ]
    names = ["甲一社区", "甲二社区", "甲三社区", "乙一社区", "乙二社区", "乙三社区"]
    made["community"] = [
        (code, name, name + "居委会", code[:9], since, None, SHAPE)
        for code, name in zip(COMMUNITIES, names, strict=True)
    ]
    made["neighbourhood"] = [
        (f"N{n}", f"第{n}小区", "小区", code, 1990, n % 2 == 0, 114.2 + n / 1000, 30.58)
        for n, code in enumerate(COMMUNITIES)
    ]
    made["grid_unit"] = [
        (f"G{n}", f"第{n}网格", code, size, since, merged, 114.2 + n / 1000, 30.58)
        for n, (code, size, merged) in enumerate(
            [
                (COMMUNITIES[0], 300, None),
                (COMMUNITIES[1], 500, None),
                (COMMUNITIES[2], 501, None),
                (COMMUNITIES[3], 299, None),
                (COMMUNITIES[4], 400, None),
                (COMMUNITIES[5], 400, None),
                (COMMUNITIES[5], 120, day("2025-03-31")),
            ]
        )
    ]
    made["grid_role"] = [("R1", "网格长", True, True), ("R2", "网格员", False, True)]
    made["grid_post"] = [
        (f"GP{n}", grid, role, day(filled), day(vacated))
        for n, (grid, role, filled, vacated) in enumerate(
            [
                ("G0", "R1", "2020-01-01", None),
                ("G0", "R2", "2020-01-01", None),
                ("G1", "R1", "2020-01-01", "2025-06-30"),
                ("G1", "R2", "2020-01-01", None),
                ("G2", "R1", "2020-01-01", None),
                ("G3", "R1", "2025-10-31", None),
                ("G4", "R2", "2020-01-01", None),
                ("G5", "R1", "2020-01-01", "2025-10-31"),
            ]
        )
    ]
    made["building"] = [
        (
            f"B{n}",
            f"{n}栋",
            f"N{n % 6}",
            f"G{n % 6}",
            COMMUNITIES[n % 6],
            1990,
            7,
            False,
            40 + 10 * n,
            100 + 20 * n,
            20 + n,
            3,
            114.2 + (n % 6) / 1000,
            30.58,
        )
        for n in range(12)
    ]
    made["building_post"] = [
        (f"BP{n}", building, kind, day(since_on), day(until_on))
        for n, (building, kind, since_on, until_on) in enumerate(
            [
                ("B0", "楼栋党小组长", "2020-01-01", None),
                ("B1", "楼栋党小组长", "2020-01-01", "2025-09-30"),
                ("B2", "楼栋党小组长", "2025-10-15", None),
                ("B0", "党员中心户", "2020-01-01", None),
                ("B0", "党员中心户", "2024-05-01", None),
                ("B7", "党员中心户", "2020-01-01", None),
            ]
        )
    ]
    made["party_committee"] = [
        ("PC1", "甲街道大工委", "街道大工委", JIA, None, since, None),
        ("PC2", "乙街道大工委", "街道大工委", YI, None, since, None),
        *[
            (f"PCC{n}", f"{name}大党委", "社区大党委", code[:9], code, since, None)
            for n, (code, name) in enumerate(zip(COMMUNITIES, names, strict=True))
        ],
    ]
    made["party_branch"] = [
        ("BR1", "第一支部", COMMUNITIES[0], since, None),
        ("BR2", "第二支部", COMMUNITIES[3], since, day("2025-10-31")),
    ]
    made["branch_neighbourhood"] = [("BR1", "N0"), ("BR1", "N1"), ("BR2", "N3")]
    made["member_unit"] = [
        ("U1", "甲医院", "机关事业", "PC1", since, None),
        ("U2", "乙学校", "机关事业", "PC2", since, day("2025-05-20")),
        ("U3", "丙公司", "经济组织", "PCC0", day("2025-10-31"), None),
        ("U4", "丁商会", "社会组织", "PCC4", day("2025-11-01"), None),
    ]
    made["industry_committee"] = [("I1", "教育行业综合党委", since, None)]
    made["two_new_org"] = [
        (f"O{n}", f"第{n}企业", kind, "I1", code, since, day(closed), cover, day(covered))
        for n, (kind, code, closed, cover, covered) in enumerate(
            [
                ("非公企业", COMMUNITIES[0], None, "单独组建", "2020-01-01"),
                ("非公企业", COMMUNITIES[1], None, "联合组建", "2025-10-01"),
                ("非公企业", COMMUNITIES[2], None, "工作覆盖", "2020-01-01"),
                ("社会组织", COMMUNITIES[3], None, "未覆盖", None),
                ("社会组织", COMMUNITIES[4], "2025-08-31", "未覆盖", None),
            ]
        )
    ]
    made["station"] = [
        (f"S{n}", name, level, None, street, code, area, opened, closed, 114.2, 30.58)
        for n, (name, level, street, code, area, opened, closed) in enumerate(
            [
                ("甲街道中心", "街道", JIA, None, 900.0, since, None),
                ("甲一阵地", "社区", JIA, COMMUNITIES[0], 200.0, since, None),
                ("甲二阵地", "社区", JIA, COMMUNITIES[1], 20.0, since, None),
                ("乙一阵地", "社区", YI, COMMUNITIES[3], 300.0, since, day("2025-07-15")),
                ("乙二小区阵地", "小区", YI, COMMUNITIES[4], 90.0, day("2025-10-01"), None),
            ]
        )
    ]
    made["station_function"] = [
        ("S0", "党群服务", 100),
        ("S1", "党群服务", None),
        ("S1", "幸福食堂", 80),
        ("S1", "文体活动", None),
        ("S1", "积分超市", None),
        ("S3", "幸福食堂", 60),
        ("S3", "时间银行", None),
    ]
    made["station_hours"] = [
        ("S0", 1, 510, 1260),
        ("S1", 1, 510, 1050),
        ("S1", 6, 510, 1290),
    ]
    made["opinion"] = [
        (
            *(f"OP{n}", code, "议事会", "楼道照明", day(got), day(due), day(closed), tier),
            *(("N0", "OP0") if n == 1 else ("N0" if n == 0 else None, None)),
        )
        for n, (code, got, due, closed, tier) in enumerate(
            [
                (COMMUNITIES[0], "2025-09-01", "2025-09-15", "2025-09-15", "小区"),
                (COMMUNITIES[0], "2025-09-02", "2025-09-20", "2025-10-05", "社区"),
                (COMMUNITIES[1], "2025-10-02", "2025-10-31", None, None),
                (COMMUNITIES[3], "2025-10-05", "2025-11-05", None, None),
                (COMMUNITIES[4], "2024-12-20", "2025-01-10", "2025-01-11", "部门"),
                (COMMUNITIES[4], "2025-08-01", "2025-08-20", None, None),
                (COMMUNITIES[2], "2024-03-01", "2024-03-20", "2024-03-05", "小区"),
            ]
        )
    ]
    made["opinion_callback"] = [
        ("OP6", day("2025-09-20"), True, True, True),
        ("OP1", day("2025-10-08"), True, False, False),
        ("OP4", day("2025-01-15"), False, None, None),
    ]
    made["opinion_event"] = [
        ("OP1", 1, "小区", "受理", day("2025-09-02")),
        ("OP1", 2, "社区", "上报", day("2025-09-05")),
        ("OP1", 3, "小区", "退回", day("2025-09-10")),
        ("OP1", 4, "社区", "办结", day("2025-10-05")),
        ("OP5", 1, "小区", "受理", day("2025-08-01")),
    ]
    milestones = {"开工", "完工", "验收"}
    made["renovation_step"] = [
        (stage, n, stage if stage in milestones else None) for n, stage in enumerate(STAGES, 1)
    ]
    made["renovation_project"] = [
        (f"RP{n}", f"第{n}项目", f"N{n % 6}", COMMUNITIES[n % 6], "基础类", year, 2, homes, budget)
        for n, (year, homes, budget) in enumerate(
            [
                (2024, 100, 1_000_000),
                (2024, 200, 2_000_000),
                (2024, 100, 1_000_000),
                (2024, 100, 1_000_000),
                (2024, 100, 1_000_000),
                (2025, 300, 3_000_000),
                (2025, 100, 500_000),
            ]
        )
    ]
    milestones = ("开工", "完工", "验收")
    made["renovation_step"] = [
        (stage, k, stage if stage in milestones else None) for k, stage in enumerate(STAGES, 1)
    ]
    made["renovation_stage"] = [
        (f"RP{n}", stage, first + dt.timedelta(30 * k), first + dt.timedelta(30 * k) if k < done else None)
        for n, (first, done) in enumerate(
            [(day("2024-01-10"), 8)] * 5 + [(day("2025-01-10"), 5), (day("2025-08-10"), 3)]
        )
        for k, stage in enumerate(STAGES)
    ]  # fmt: skip
    made["investment"] = [
        ("V1", "RP0", day("2024-02-01"), "区", 1_000_000, 900_000, 600_000),
        ("V2", "RP0", day("2025-02-01"), "市", 0, 100_000, 200_000),
        ("V3", "RP5", day("2025-03-01"), "区", 1_000_000, 500_000, 0),
        ("V4", "RP5", day("2025-11-01"), "区", 1_000_000, 0, 0),
    ]
    made["beneficiary"] = [
        ("RP0", 200, 260, day("2025-01-20")),
        ("RP1", 380, 380, day("2025-10-31")),
        ("RP2", 200, 220, day("2025-11-02")),
    ]
    made["fund_entry"] = [
        ("F1", day("2024-01-05"), "收入", None, None, None, "区级拨付", 100_000),
        ("F2", day("2024-06-05"), "支出", COMMUNITIES[0], "一老一小", "社区", "助餐", 30_000),
        ("F3", day("2025-10-05"), "支出", COMMUNITIES[4], "社区公益", "社区志愿者", "义诊", 12_000),
    ]
    made["demo_site"] = [
        ("D1", "甲一示范点", "市级", COMMUNITIES[0], day("2024-01-01"), None),
        ("D2", "甲一二号示范点", "区级", COMMUNITIES[0], day("2025-10-01"), None),
        ("D3", "乙二示范点", "区级", COMMUNITIES[4], day("2024-01-01"), day("2025-04-30")),
    ]
    made["consent_rule"] = [
        (
            "CR1",
            "旧规则",
            day("2020-01-01"),
            day("2025-09-01"),
            None,
            2,
            3,
            2,
            3,
            2,
            3,
            2,
            3,
            None,
            "样例",
            "凭记忆",
        ),
        (
            "CR2",
            "新规则",
            day("2025-09-01"),
            None,
            1,
            2,
            3,
            2,
            3,
            3,
            4,
            3,
            4,
            200000,
            "样例",
            "转载",
        ),
    ]
    made["elevator"] = [
        (f"E{n}", f"第{n}电梯", building, 12, 1_200.0, day("2024-02-01"), *map(day, dates), 800_000, None)
        for n, (building, *dates) in enumerate(
            [
                ("B0", "2024-06-01", "2024-08-01", "2025-03-10"),
                ("B1", None, None, None),
                ("B2", None, None, None),
                ("B3", "2025-10-20", None, None),
            ]
        )
    ]  # fmt: skip
    made["elevator_consent"] = [
        ("E0", day("2024-04-01"), 12, 11, 1_200.0, 1_100.0),
        ("E1", day("2024-04-01"), 8, 6, 800.0, 600.0),
        ("E1", day("2025-10-10"), 11, 8, 1_110.0, 790.0),
        ("E2", day("2024-04-01"), 9, 6, 900.0, 610.0),
        ("E3", day("2024-04-01"), 9, 8, 910.0, 810.0),
    ]
    made["full_community_item"] = [
        (
            "I1",
            "完整社区",
            "公共服务",
            "综合服务站",
            "不小于800平方米",
            800.0,
            "平方米",
            "凭记忆",
            "样例",
        ),
        ("I2", "完整社区", "公共空间", "公共绿地", "有", None, None, "公开出处", "样例"),
        ("I3", "平安社区", "治安", "夜间照明", "有", None, None, "未查到", "样例"),
    ]
    made["full_community_check"] = [
        ("K1", COMMUNITIES[0], "I1", "未达标", 500.0, day("2024-01-10")),
        ("K2", COMMUNITIES[0], "I1", "达标", 900.0, day("2025-06-10")),
        ("K3", COMMUNITIES[0], "I2", "达标", None, day("2025-06-10")),
        ("K4", COMMUNITIES[0], "I3", "不适用", None, day("2025-06-10")),
        ("K5", COMMUNITIES[3], "I1", "未达标", 300.0, day("2025-06-10")),
        ("K6", COMMUNITIES[3], "I2", "达标", None, day("2025-11-10")),
    ]
    made["fund_project"] = [
        (
            "P1",
            "甲一助餐",
            COMMUNITIES[0],
            "一老一小",
            "社区",
            30000,
            day("2024-05-01"),
            day("2024-12-31"),
            day("2024-11-30"),
            "助餐一百次",
            100,
        ),
        (
            "P2",
            "乙二义诊",
            COMMUNITIES[4],
            "社区公益",
            "社区志愿者",
            15000,
            day("2025-09-01"),
            day("2025-10-15"),
            None,
            None,
            None,
        ),
    ]
    made["fund_project_entry"] = [("F2", "P1"), ("F3", "P2")]
    made["linkage"] = [
        ("L1", "区-街道", "PC1", None, None, None, None, "区级包保岗", since, None),
        (
            "L2",
            "街道-社区",
            "PCC0",
            None,
            None,
            "PC1",
            None,
            "街道包保岗",
            since,
            day("2025-06-30"),
        ),
    ]
    made["pledge"] = [
        (
            "CN1",
            "U1",
            "义诊",
            "服务",
            None,
            None,
            day("2025-03-01"),
            day("2025-06-30"),
            day("2025-06-30"),
            None,
        ),
        ("CN2", "U3", "场地", "场地", 2.0, "处", day("2025-10-31"), day("2025-10-31"), None, None),
        ("CN3", "U2", "讲座", "服务", None, None, day("2024-01-31"), day("2024-06-30"), None, None),
        ("CN4", "U1", "义诊", "服务", None, None, day("2024-12-31"), day("2025-02-28"), None, None),
    ]
    made["action_task"] = [
        ("RW1", "党旗飘扬", "阵地达标", "组织部门", day("2025-03-31"), day("2025-03-30")),
        ("RW2", "提质增效", "中期评估", "组织部门", day("2025-10-31"), None),
    ]
    made["brand"] = [("PP1", "红色乙街", "街道", YI, None, None, day("2024-01-01"), None)]
    made["challenge"] = [
        (
            f"J{n}",
            f"第{n}题",
            "停车",
            street,
            None,
            "大工委",
            day(posted),
            mode,
            unit,
            *map(day, days),
            result,
        )
        for n, (street, posted, mode, unit, days, result) in enumerate(
            [
                (
                    JIA,
                    "2025-02-01",
                    "主动认领",
                    "甲医院",
                    ("2025-02-09", "2025-06-30", "2025-06-30"),
                    "完成",
                ),
                (JIA, "2025-03-01", "点题交办", "乙学校", ("2025-03-02", "2025-10-31", None), None),
                (YI, "2025-09-30", None, None, (None, None, None), None),
            ]
        )
    ]
    made["activity"] = [
        (
            f"A{n}",
            day(held),
            kind,
            "活动",
            None,
            code[:9],
            code,
            None,
            "大党委",
            many,
        )
        for n, (held, kind, code, many) in enumerate(
            [
                ("2025-08-30", "大树下的议事会", COMMUNITIES[0], 20),
                ("2025-10-06", "湾有引力", COMMUNITIES[0], 50),
                ("2025-10-26", "共同缔造", COMMUNITIES[3], 12),
                ("2025-10-31", "大树下的议事会", COMMUNITIES[3], 15),
            ]
        )
    ]
    made["training"] = [
        ("T1", day("2025-08-04"), "区", None, "党建实务", 4.0, 40, 38),
        ("T2", day("2025-10-09"), "街道", JIA, "议事方法", 2.0, 30, 27),
    ]
    made["bulletin"] = [
        ("2025年第1期", day("2025-10-06"), day("2025-10-13"), None),
        ("2025年第2期", day("2025-10-13"), day("2025-10-20"), None),
    ]
    made["assignment"] = [
        (f"JD{n}", f"第{n}件", street, None, "大工委", *map(day, days), None, None, bool(done), day(done), None)
        for n, (street, days, done) in enumerate(
            [
                (JIA, ("2025-03-05", "2025-04-30"), "2025-04-30"),
                (JIA, ("2025-09-03", "2025-09-30"), "2025-10-09"),
                (None, ("2025-09-03", "2025-10-31"), None),
                (YI, ("2025-10-08", "2025-11-15"), None),
            ]
        )
    ]  # fmt: skip
    made["new_job_role"] = [
        ("NJ1", "街坊主播", COMMUNITIES[0], None, day("2025-01-01"), None),
        ("NJ2", "小巷顾问", COMMUNITIES[3], "G3", day("2024-01-01"), day("2025-06-30")),
    ]
    made["meal_exchange"] = [
        ("S1", day("2025-09-01"), 30, 20, 12),
        ("S1", day("2025-10-01"), 40, 20, 15),
    ]
    made["covenant"] = [
        ("GY1", COMMUNITIES[0], "居民会议", day("2019-01-01"), None, day("2024-06-01")),
        ("GY2", COMMUNITIES[0], "居民代表会议", day("2024-06-01"), day("2024-06-20"), None),
        ("GY3", COMMUNITIES[3], "居民会议", day("2025-10-05"), None, None),
    ]
    made["forum_matter"] = [
        (
            "YS1",
            "大树下的议事会",
            COMMUNITIES[0],
            None,
            day("2025-03-01"),
            "晾晒杆",
            day("2025-05-01"),
        ),
        ("YS2", "5点半话筒", COMMUNITIES[0], "广场", day("2025-06-01"), "遛狗", None),
        ("YS3", "共同缔造", COMMUNITIES[4], None, day("2024-11-01"), "花园", day("2025-10-31")),
        ("YS4", "其他议事会", COMMUNITIES[4], None, day("2025-10-30"), "物业费", None),
    ]
    made["carrier_month"] = [
        ("S1", "积分超市", day("2025-09-01"), 300, 120, 14),
        ("S1", "积分超市", day("2025-10-01"), 200, 250, 11),
        ("S3", "时间银行", day("2025-01-01"), 40, 10, 6),
    ]
    made["board_metric"] = [
        ("BM1", 2025, "月拉练", "opinion_on_time_rate", 40.0, 50.0, 90.0, "办件"),
        ("BM2", 2025, "月拉练", "grid_leader_rate", 60.0, 50.0, 100.0, "存量"),
    ]
    made["cohort"] = [
        (f"CO{n}", 2025, code, "全部", "不分", day("2025-01-05"))
        for n, code in enumerate(COMMUNITIES)
    ]
    made["drill_event"] = [
        ("DE1", "月拉练", day("2025-09-01"), day("2025-10-10"), 7, "opinion_on_time_rate=40;grid_leader_rate=60", 2025, None, None),
    ]  # fmt: skip
    return {name: named(name, rows) for name, rows in made.items()}


def named(table: str, rows: list[tuple]) -> pd.DataFrame:
    """Return rows of a table under its columns' names."""
    return pd.DataFrame(rows, columns=COLUMNS[table].split())


def build(
    con: duckdb.DuckDBPyConnection,
    rows: dict[str, pd.DataFrame] | None = None,
    months: list[dt.date] = MONTHS,
) -> None:
    """Create the schema and fill it with the district, or with other rows and months."""
    schema.create(con)
    con.begin()
    add(con, tables() if rows is None else rows)
    con.commit()
    if months:
        add_months(con, months)


def add_months(con: duckdb.DuckDBPyConnection, months: list[dt.date]) -> None:
    """Let the version have months, given by their first days."""
    ends = [Month.of(first).last for first in months]
    con.append("month", pd.DataFrame({"month": months, "month_end": ends}), by_name=True)


def add(con: duckdb.DuckDBPyConnection, tables: dict[str, pd.DataFrame]) -> None:
    """Put rows into tables; every one gets a ledger row of its own."""
    numbers = {table: range(2, len(rows) + 2) for table, rows in tables.items()}
    sources = [
        {
            **dict.fromkeys(("source_id", "ledger_id", "ledger_name", "sheet_name"), table),
            "file_name": f"{table}.xlsx",
            "sha256": hashlib.sha256(table.encode()).hexdigest(),
            "bytes": 1,
            "nature": "演示",
            "crs": None,
            "row_total": len(rows),
            "row_used": len(rows),
        }
        for table, rows in tables.items()
    ]
    con.append("source_file", pd.DataFrame(sources), by_name=True)
    written = [
        {"source_id": table, "row_no": row, "fate": "合格", "raw": f'{{"行": {row}}}'}
        for table in tables
        for row in numbers[table]
    ]
    con.append("source_row", pd.DataFrame(written), by_name=True)
    for table, rows in tables.items():
        traced = rows.assign(source_id=table, source_row=numbers[table])
        con.append(table, traced, by_name=True)
