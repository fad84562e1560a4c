"""Every rule finds what was planted for it, names the values, and finds nothing where all is well."""

import re

import pandas as pd
import pytest

from chunshui.catalogue import frontmatter
from chunshui.catalogue.checks import all_checks, check_findings, finding_counts, run_checks
from chunshui.catalogue.frontmatter import CatalogueError
from chunshui.warehouse import sql
from chunshui.warehouse.reader import connect
from chunshui.words import SEVERITIES
from tests.catalogue import district
from tests.catalogue.district import COMMUNITIES, day

A, B = COMMUNITIES[0], COMMUNITIES[3]

# Rows added to the small district, by table; the last two columns are a ledger row that exists.
PLANTED = {
    "station": [
        # 526 m east and 268 m south of where the buildings of 甲一 stand: GCJ-02 taken for WGS-84.
        ("S90", "偏移阵地", "社区", None, A[:9], A, 100.0, day("2020-01-01"), None, 114.20549, 30.57758),
        ("S91", "远方阵地", "社区", None, A[:9], A, 100.0, day("2020-01-01"), None, 114.25, 30.60),
    ],
    "premises": [
        ("H90", "已开的房屋", None, A, 80.0, "街道", "空置", True, None, day("2019-01-01"), None, 114.20549, 30.57758),
        ("H91", "远方房屋", None, A, 80.0, "街道", "空置", True, None, day("2021-01-01"), None, 114.25, 30.60),
    ],
    "grid_unit": [
        ("G90", "空网格", B, 400, day("2020-01-01"), None, 114.2, 30.58),
        ("G91", "并掉的网格", B, 10, day("2020-01-01"), day("2024-01-01"), 114.2, 30.58),
    ],
    "grid_post": [("GP90", "G91", "R1", day("2020-01-01"), None)],
    "building": [
        ("B90", "错社区楼", "N0", "G0", B, 1990, 7, False, 10, 20, 15, 8, 114.2, 30.58),
        ("B91", "远方楼", "N0", "G0", A, 1990, 7, False, 10, 20, 2, 1, 114.3, 30.58),
        ("B92", "空楼", "N0", "G0", A, 1990, 7, False, 10, 0, 0, 0, 114.2, 30.58),
    ],
    "party_branch": [("BR90", "空支部", A, day("2020-01-01"), None)],
    "community": [
        (A[:9] + "090", "新社区", "新社区居委会", A[:9], day("2020-01-01"), None, b"\x00"),
    ],
    "two_new_org": [
        ("O90", "同名店", "非公企业", "I1", A, day("2020-01-01"), None, "未覆盖", None),
        ("O91", "同名店", "非公企业", "I1", A, day("2021-01-01"), None, "单独组建", day("2020-06-01")),
    ],
    "pledge": [
        ("PL1", "U1", "义诊", "服务", None, None, day("2017-01-01"), day("2020-01-01"), None, None),
        ("PL2", "U2", "义诊", "服务", None, None, day("2025-06-01"), day("2025-09-01"), None, None),
        ("PL3", "U2", "义诊", "服务", None, None, day("2025-05-01"), day("2025-09-01"), None, None),
    ],
    "brand": [
        ("BD1", "甲红", "街道", A[:9], None, None, day("2020-01-01"), None),
        ("BD2", "甲里", "街道", A[:9], None, None, day("2021-01-01"), None),
        ("BD3", "旧名", "街道", A[:9], None, None, day("2019-01-01"), day("2020-01-01")),
    ],
    "award": [
        ("AW1", "十大党建特色品牌", 2025, "甲红", A[:9], None, None, day("2025-01-01")),
        ("AW2", "十大党建创新案例", 2025, "议事", A[:9], A, None, day("2025-01-01")),
    ],
    "linkage": [
        *[
            (f"K{n}", "街道-社区", f"PCC{n}", None, None, "PC1", None, "岗", day("2020-01-01"), None)
            for n in range(6)
        ],
        ("K7", "社区-小区", None, "BR2", None, "PCC3", None, "岗", day("2020-01-01"), None),
    ],
    "station_function": [("S90", "小哥窗口", None)],
    "meal_exchange": [
        ("S0", day("2025-08-01"), 9, 8, 9),
        ("S0", day("2025-09-01"), 5, 10, 5),
    ],
    "activity": [
        ("H90", day("2024-12-30"), "其他", "早开", None, B[:9], COMMUNITIES[4], "S4", "大党委", 9),
        ("H91", day("2025-07-15"), "其他", "晚办", None, B[:9], B, "S3", "大党委", 9),
        ("H92", day("2025-07-14"), "其他", "还开", None, B[:9], B, "S3", "大党委", 9),
    ],
    "bulletin": [("2025年第9期", day("2025-11-03"), day("2025-11-10"), None)],
    "survey_need": [
        ("Q1", "D1", day("2025-09-01"), day("2025-09-30"), "线上", A[:9], "歇脚", 3, 120),
        ("Q2", "D1", day("2025-09-01"), day("2025-09-30"), "线上", B[:9], "歇脚", 40, 150),
        ("Q3", "D1", day("2025-09-01"), day("2025-09-30"), "线上", A[:9], "充电", 30, 130),
    ],
    "covenant": [
        ("GY90", A, "居民会议", day("2023-01-01"), None, None),
        ("GY91", B, "居民会议", day("2020-01-01"), None, day("2025-10-05")),
    ],
    "carrier_month": [("S0", "时间银行", day("2025-08-01"), 9, 8, 9)],
    "opinion": [
        ("OP90", A, "议事会", "停车", day("2025-10-20"), day("2025-10-30"), day("2025-11-03"), "小区", "N3", "OP0"),
    ],
    "opinion_event": [
        ("OP90", 1, "小区", "受理", day("2025-10-19")),
        ("OP90", 2, "小区", "办结", day("2025-11-03")),
        ("OP5", 2, "社区", "办结", day("2025-08-09")),
    ],
    "opinion_callback": [("OP90", day("2025-10-25"), False, None, None)],
    "opinion_category": [("停车", 5)],
    "workday": [(day("2025-10-01"), "放假", None, "通知", 2024)],
    "renovation_project": [
        ("RP90", "跳步项目", "N0", A, "基础类", 2025, 1, 10, 100_000),
        ("RP91", "倒退项目", "N0", A, "基础类", 2025, 1, 10, 100_000),
        ("RP92", "错位项目", "N0", COMMUNITIES[1], "基础类", 2025, 1, 10_000, 100_000),
    ],
    "renovation_stage": [
        ("RP90", "申报", day("2025-01-01"), None),
        ("RP90", "联审", day("2025-02-01"), day("2025-02-01")),
        ("RP91", "申报", day("2025-03-01"), day("2025-03-01")),
        ("RP91", "联审", day("2025-02-01"), day("2025-02-01")),
        ("RP91", "设计", day("2025-04-01"), day("2025-12-01")),
    ],
    "investment": [
        ("V90", "RP90", day("2025-02-01"), "区", 150_000, 10_000, 20_000),
        ("V92", "RP92", day("2025-02-01"), "区", 0, 150_000, 150_000),
    ],
    "beneficiary": [("RP91", 9_000, 9_000, day("2025-05-01"))],
    "fund_entry": [
        ("F90", day("2025-10-09"), "支出", A, "一老一小", "社区", "大额", 900_000),
        ("F91", day("2025-10-08"), "支出", A, "社区公益", "社区", "小额", 300),
    ],
    "demo_site": [("D90", "新示范点", "区级", COMMUNITIES[5], day("2025-01-01"), None)],
    "consent_rule": [
        ("CR3", "重叠规则", day("2025-10-01"), None, None, 1, 2, 1, 2, 1, 2, 1, 2, None, "样例", "凭记忆"),
    ],
    "elevator": [
        ("E90", "颠倒电梯", "B4", 12, 900.0, day("2024-05-01"), day("2024-04-01"), None, None, None, None),
        ("E91", "抢跑电梯", "B5", 12, 900.0, day("2024-01-01"), day("2024-03-01"), None, day("2024-09-01"), None, None),
    ],
    "elevator_consent": [("E90", day("2024-05-10"), 20, 5, 100.0, 50.0)],
    "full_community_check": [
        ("K90", COMMUNITIES[1], "I1", "达标", 100.0, day("2025-06-10")),
        ("K91", COMMUNITIES[2], "I2", "达标", None, day("2023-01-01")),
    ],
    "fund_project": [
        ("P90", "超支项目", A, "一老一小", "社区", 100, day("2025-01-01"), day("2025-12-01"), None, None, None),
    ],
    "fund_project_entry": [("F91", "P90"), ("F1", "P90")],
    "board_metric": [
        ("BM90", 2025, "月拉练", "no_such", 10.0, 0.0, 50.0, "办件"),
        ("BM91", 2025, "月拉练", "brand_rate", 10.0, 0.0, 50.0, "存量"),
        ("BM92", 2025, "月拉练", "opinion_return_rate", 10.0, 10.0, 40.0, "办件"),
    ],
    "cohort": [
        ("CO90", 2025, A, "其他", "不分", day("2025-01-05")),
        ("CO91", 2025, B, "其他", "不分", day("2025-06-01")),
    ],
    "drill_event": [
        ("DE90", "月拉练", day("2025-08-01"), day("2025-09-10"), 7, "grid_leader_rate=sixty", 2025, None, None),
    ],
    "claim": [
        ("C90", "大工委", "等于", 2.0, "个", "no_such", None, "原文", None),
        ("C91", "投资", "等于", 2.0, "亿元", "fund_spent", "fund_income；nor_this", "原文", None),
    ],
    "walk_node": [(1, "路口", 114.2, 30.58), (2, "路口", 114.2, 30.58), (3, "路口", 114.2, 30.58)],
    "walk_edge": [(1, 1, 2, "街道", 30.0)],
}  # fmt: skip

FOUND = {
    "claim_metric_unknown": {"C90": "“no_such”不在指标口径里", "C91": "“nor_this”"},
    "station_outside_community": {"S90": "离所写社区400米", "S91": "区外"},
    "premises_in_use": {"H90": "偏移阵地已于2020-01-01启用，房屋仍列为可选"},
    "premises_far_off": {"H91": "米"},
    "station_without_hours": {"S2": "甲二阵地没有登记开放时间", "S91": ""},
    "station_without_function": {"S2": "没有登记任何功能"},
    "grid_size": {"G2": "501户，多于500户", "G3": "299户，少于300户"},
    "grid_households_differ": {"G90": "登记400户，所辖楼栋合计0户"},
    "grid_without_leader": {"G1": "", "G4": "", "G5": "", "G90": "空网格"},
    "grid_post_in_merged_grid": {"GP90": "已于2024-01-01合并，网格长仍登记在岗"},
    "building_places_differ": {"B90": "错社区楼写在乙一社区，而所属小区第0小区在甲一社区"},
    "building_far_off": {"B91": "米"},
    "building_without_residents": {"B92": "登记10户、0人"},
    "building_ages_exceed": {"B90": "登记居民20人，60岁及以上15人、0–3岁8人，两项之和多3人"},
    "branch_without_neighbourhood": {"BR90": "空支部没有登记"},
    "neighbourhood_without_branch": {"N2": "", "N3": "", "N4": "", "N5": ""},
    "committee_missing": {A[:9] + "090": "新社区没有社区大党委"},
    "two_new_twice": {"O90": "登记了2次", "O91": "登记了2次"},
    "two_new_covered_before_opening": {"O91": "2020-06-01覆盖，早于2021-01-01成立"},
    "pledge_of_left_unit": {
        "PL1": "甲医院2017-01-01承诺，而2018-01-01才加入",
        "PL2": "乙学校2025-06-01承诺，而2025-05-20已退出",
    },
    "activity_station_closed": {
        "H90": "登记2024-12-30在乙二小区阵地举办，而该阵地2025-10-01才启用",
        "H91": "登记2025-07-15在乙一阵地举办，而该阵地2025-07-15已停用",
    },
    "bulletin_week_skipped": {"2025年第9期": "以前有2周没有通报：2025-10-20至2025-11-02"},
    "brand_twice": {
        "BD1": "甲街道同时有2个品牌：甲红",
        "BD2": "甲街道同时有2个品牌：甲里",
    },
    "award_without_brand": {"AW1": "2025年入选的“甲红”没有登记品牌编号"},
    "linkage_across_streets": {
        f"K{n}": "登记由甲街道大工委的岗包保，不在同一街道" for n in (3, 4, 5)
    },
    "linkage_overload": {"K5": "甲街道大工委岗包保的第6个，街道-社区一个岗位以5个为限"},
    "linkage_to_dissolved": {"K7": "第二支部已于2025-10-31撤销，包保仍登记到现在"},
    "rider_window_without_canteen": {"S90": "偏移阵地有小哥窗口，却没有幸福食堂"},
    "meals_used_over_earned": {"S0·2025-09": "累计用掉的平价餐比挣得的多4份"},
    "survey_cell_small": {"Q1": "D1的“歇脚”各街道的次数不公布"},
    "survey_respondents_differ": {"Q1": "D1在同一街道的答卷数前后不一"},
    # What was told of it before differs by two answers, and so stays.
    "survey_held_back": {"Q1": "D1的台账与已公布的数有出入，仍公布原来的数"},
    "survey_released_small": {},  # finds nothing, whatever the ledgers hold: see test_survey
    "opinion_event_mismatch": {
        "OP0": "流转台账却没有办结记录",
        "OP5": "流转台账记2025-08-09办结，民情台账却未办结",
    },
    "opinion_repeat_differs": {"OP90": "登记为OP0的重复件，原件却是另一类（楼道照明）"},
    "opinion_neighbourhood_elsewhere": {"OP90": "所填小区第3小区却属于"},
    "opinion_callback_early": {"OP90": "2025-11-03才办结，回访却登记在2025-10-25"},
    "opinion_flow_broken": {"OP5": "第2步：不是受理的那一级办结"},
    "opinion_due_differs": {"OP90": "是2025-10-30，按5个工作日应为2025-10-27，晚3个日历日"},
    "workday_year_missing": {"OP6": "有1项民情在2024年到期"},
    "opinion_steps_backwards": {"OP90": "第1步早于上一步或收到日期"},
    "stage_out_of_order": {
        "RP90": "联审（2025-02-01）之前没有申报日期",
        "RP91": "联审（2025-02-01）早于申报（2025-03-01）",
    },
    "investment_overpaid": {"RP90": "累计支付2.0万元，多于累计下达1.0万元"},
    "investment_over_budget": {"RP90": "各月计划合计15.0万元，多于计划总投资10.0万元"},
    "beneficiaries_exceed_residents": {"RP91": "去重受益9,000人"},
    "fund_overdrawn": {"F90": "累计支出多于累计收入84.2万元"},
    "dated_in_future": {"OP90": "收到或办结于2025-11-03，晚于2025-10-31"},
    "stage_plan_out_of_order": {"RP91": "计划联审（2025-02-01）早于计划申报（2025-03-01）"},
    "stage_in_future": {"RP91·设计": "设计的实际日期2025-12-01晚于2025-10-31"},
    "stage_missing": {
        "RP90": "缺少6个阶段：设计、招标",
        "RP91": "缺少5个阶段：招标、开工",
        "RP92": "缺少8个阶段",
    },
    "paid_over_budget": {"RP92": "累计支付15.0万元，多于计划总投资10.0万元"},
    "money_before_project": {"RP92": "2025-02已有资金下达或支付，而项目还没有申报"},
    "paid_before_works": {
        "RP0": "2024-02已支付，2024-05-09才开工",
        "RP90": "2025-02已支付，至今没有开工",
        "RP92": "至今没有开工",
    },
    "project_without_money": {f"RP{n}": "资金台账却没有它的记录" for n in (1, 2, 3, 4)},
    "beneficiary_before_works": {"RP91": "2025-05-01核定受益，而至今没有开工"},
    "beneficiaries_counted_twice": {"N0": "2个项目去重受益合计9,200人，登记居民360人"},
    "project_place_differs": {"RP92": "写在甲二社区，而小区第0小区在甲一社区"},
    "project_households_over": {
        "RP1": "第1项目 200户，所在小区登记160户",
        "RP5": "300户，所在小区登记240户",
        "RP92": "10,000户，所在小区登记170户",
    },
    "elevator_out_of_order": {
        "E90": "审批（2024-04-01）早于申请（2024-05-01）",
        "E91": "已投用而没有开工日期",
    },
    "elevator_without_consent": {"E91": "审批时同意0户、0.0平方米，还差8户、600.0平方米"},
    "elevator_votes_over": {"E90·2024-05-10": "参与20户、100.0平方米，有权表决12户"},
    "elevator_building_differs": {
        "E0": "已于2025-03-10投用，楼栋台账却写没有电梯",
        "E91": "已于2024-09-01投用",
    },
    "consent_rules_overlap": {"CR2": "新规则与重叠规则在2025-10-01同时施行"},
    "full_check_below_standard": {"K90": "甲二社区综合服务站实测100.0平方米，低于标准800.0平方米"},
    "full_check_stale": {COMMUNITIES[2]: "最近一次四创核查在2023-01-01，已过1,034天"},
    "fund_entry_without_project": {"F90": "支出“大额”900,000元，没有归入任何项目"},
    "fund_project_overspent": {"P90": "支出300元，多于计划100元"},
    "fund_project_mismatch": {
        "F1": "是收入，却归入项目超支项目",
        "F91": "的主题不同于所属项目超支项目",
    },
    "board_metric_unknown": {"BM90": "2025年月拉练的“no_such”不在指标口径里"},
    "board_metric_refused": {"BM91": "登录、填报、品牌、示范创建、宣传一类不得进入评比"},
    "board_metric_reversed": {"BM92": "越低越好，零分线是10.00，满分线却是40.00"},
    "board_weights_sum": {"BM1": "2025年月拉练的权重合计是130.00，不是100"},
    "cohort_place_twice": {"CO0": "甲一社区2025年同时在2行里分组", "CO90": ""},
    "cohort_changed": {"CO91": "乙一社区2025年先分在“全部”，2025-06-01又改在“其他”"},
    "cohort_missing": {A[:9] + "090": "新社区2025年没有分组"},
    "drill_weights_unknown": {"DE90": "“grid_leader_rate=sixty”不是榜上指标的权重"},
    "demo_site_unchecked": {"D90": "乙三社区没有四创清单核查记录"},
    "covenant_twice": {
        "GY2": "甲一社区有2版居民公约同时有效，这一版通过于2024-06-01",
        "GY90": "这一版通过于2023-01-01",
    },
    "carrier_without_function": {
        "S0·时间银行·2025-08": "甲街道中心有1个月的时间银行记录，阵地功能里却没有"
    },
    "node_without_edge": {"3": "步行节点3没有路段相连"},
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    con = connect(tmp_path_factory.mktemp("faulty") / "v.duckdb", read_only=False)
    district.build(con)
    for table, rows in PLANTED.items():
        planted = district.named(table, rows).assign(source_id="street", source_row=2)
        con.append(table, planted, by_name=True)
    con.execute(sql.text("warehouse/survey_tell"))
    con.execute("update survey_told set respondents = respondents - 2")
    places = [("S90", None, 400), ("S91", None, 4000), ("S1", A, 0)]
    columns = ["station_id", "community_code", "metres_outside"]
    con.append("station_place", pd.DataFrame(places, columns=columns), by_name=True)
    assert run_checks(con) > len(FOUND)
    yield con
    con.close()


def test_every_rule_is_tried():
    assert set(FOUND) == set(all_checks())
    assert len(FOUND) >= 14
    assert {check.severity for check in all_checks().values()} == set(SEVERITIES)


@pytest.mark.parametrize("check_id", sorted(FOUND))
def test_a_rule_finds_what_was_planted(faulty, check_id):
    rows = faulty.execute(
        "select entity_id, message from check_result where check_id = ?", [check_id]
    ).fetchall()
    found = dict(rows)
    for entity, words in FOUND[check_id].items():
        assert words in found[entity]
        assert found[entity].endswith("。")
    exact = {"grid_households_differ", "opinion_event_mismatch", "opinion_flow_broken"}
    exact |= {"station_without_hours", "station_without_function"}
    if check_id not in exact:
        assert set(found) == set(FOUND[check_id])


def test_long_numbers_are_written_with_separators(faulty):
    messages = [one for (one,) in faulty.execute("select message from check_result").fetchall()]
    assert any(re.search(r"\d,\d{3}[万.\d]*[元户人米天]", one) for one in messages)
    assert not [one for one in messages if re.search(r"\d{4}[.\d]*(万?元|户|人|平方米|米|天)", one)]


def test_results_carry_the_ledger_row_and_the_mend(small):
    found = check_findings(small)
    assert found["severity"].tolist() == sorted(found["severity"], key=SEVERITIES.index)
    assert found["file_name"].notna().all() and found["mend"].str.endswith("。").all()
    oversize = found[found["entity_id"] == "G2"]
    assert oversize["check_name"].tolist() == ["网格户数与楼栋户数合计不符", "网格户数超出规模"]
    assert oversize["source_row"].unique().tolist() == [4]
    assert oversize["entity_word"].unique().tolist() == ["网格"]


def test_summary_lists_also_what_found_nothing(small):
    summary = finding_counts(small)
    assert set(summary["check_id"]) == set(all_checks())
    assert (summary["rows"] == 0).any()
    assert summary["rows"].sum() == len(check_findings(small))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id='a'\nname='甲'\nseverity='小心'\nentity='station'\nmend='改。'", "severity 只能取"),
        ("id='a'\nname='甲'\nseverity='错误'\nentity='nothing'\nmend='改。'", "不是事实表"),
        ("id='a'\nname='甲'\nseverity='错误'\nentity='station'", "缺少 mend"),
    ],
)
def test_a_faulty_rule_is_refused(tmp_path, text, said):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "a.sql").write_text(f"/*\n{text}\n*/\nselect 1", encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        all_checks(tmp_path)


def test_two_statements_become_one():
    assert frontmatter.around("select 1", "x (from member)") == "x (select 1)"
