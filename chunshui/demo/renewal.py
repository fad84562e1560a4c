"""Renovation of old neighbourhoods, its money, the community fund, demonstration sites."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.apportion import apportion
from chunshui.demo.days import FIRST, LAST, MONTHS, between
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream
from chunshui.month import Month

EPOCH = Month(1970, 1)  # money is spread over months counted from here

BUDGET_YUAN = 3_490_000_000
CUMULATIVE_RESIDENTS = 530_000
FUND_SPENT_YUAN = 2_326_000
PROJECTS = {2022: 38, 2023: 46, 2024: 52, 2025: 56, 2026: 44}
STAGES = ["申报", "联审", "设计", "招标", "开工", "完工", "验收", "移交"]
# Usual days from the stage before.
LEGS = [0, 35, 60, 55, 35, 200, 45, 40]
SOURCES = ["中央", "省", "市", "区", "社会", "居民"]
SOURCE_SHARES = [0.30, 0.12, 0.18, 0.29, 0.08, 0.03]
CATEGORIES = {"基础类": 0.46, "完善类": 0.38, "提升类": 0.16}
YUAN_PER_HOUSEHOLD = {"基础类": 26_000, "完善类": 36_000, "提升类": 50_000}

FUND_ITEMS = {
    "一老一小": ["助餐配送补贴", "老人关爱探访", "暑期托管", "儿童友好角建设", "适老化小改造", "家庭照护培训"],
    "社区公益": ["志愿服务积分兑换", "公益集市", "无障碍坡道", "共享工具屋", "环境微改造", "反诈与消防宣传"],
    "邻里关照": ["邻里议事活动", "楼道微整治", "困难邻里帮扶", "睦邻文化节", "小哥关爱活动", "居民公约宣传"],
}  # fmt: skip
THEME_SHARES = [0.46, 0.31, 0.23]
ELEMENTS = ["社区", "社会工作者", "社区社会组织", "社区志愿者", "社区公益慈善资源"]
ELEMENT_SHARES = [0.24, 0.20, 0.29, 0.18, 0.09]
INCOMES = ["区级统筹资金", "慈善募捐", "企业捐赠", "以奖代补", "义卖收入"]


def build(
    hoods: pd.DataFrame, buildings: pd.DataFrame, communities: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Table name → frame for the six ledgers of renewal."""
    projects = _projects(hoods, buildings)
    stages = _stages(projects)
    return {
        "renovation_project": projects,
        "renovation_stage": stages,
        "investment": _investments(projects, stages),
        "beneficiary": _beneficiaries(projects, stages, buildings),
        "fund_entry": _fund(communities, buildings),
        "demo_site": _demo_sites(communities),
    }


def _projects(hoods: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    """Projects in old neighbourhoods; some neighbourhoods come up twice, years apart."""
    draw = Stream("projects")
    homes = buildings.groupby("neighbourhood_id")["households"].agg(["size", "sum"])
    homes = homes.reindex(hoods["neighbourhood_id"])
    size, households = homes["size"].to_numpy(), homes["sum"].to_numpy(float)
    old = np.flatnonzero(hoods["is_old"] & (households > 60))
    total = sum(PROJECTS.values())
    # Streets do not move at the same pace, and large neighbourhoods come first.
    streets, street = np.unique(hoods["community_code"].str[:9], return_inverse=True)
    pace = Stream("renewal pace").lognormal(len(streets), 0.45)
    weight = households[old] ** 0.9 * pace[street[old]]
    first = old[draw.sample(len(old), total - 40, weight)]
    rows = []
    years = np.repeat(list(PROJECTS), list(PROJECTS.values()))[draw.order(total)]
    kinds = draw.choose(total, list(CATEGORIES), list(CATEGORIES.values()))
    again = first[draw.sample(len(first), 40)]
    seen: dict[int, tuple[int, str]] = {}
    for k, hood in enumerate([*first, *again]):
        year, kind = int(years[k]), kinds[k]
        suffix = "改造"
        if hood in seen:
            kind = "提升类" if seen[hood][1] != "提升类" else "完善类"
            year = min(2026, max(year, seen[hood][0] + 1))
            suffix = "提升改造" if kind == "提升类" else "完善改造"
        else:
            seen[hood] = (year, kind)
        part = 1.0 if draw.one() < 0.7 else draw.one(0.4, 0.9)
        n = max(1, round(size[hood] * part))
        count = max(1, round(households[hood] * n / size[hood]))
        weight_yuan = count * YUAN_PER_HOUSEHOLD[kind] * draw.one(0.6, 1.6)
        home = hoods.iloc[hood]
        name = f"{home['neighbourhood_name']}老旧小区{suffix}（{year}年）"
        place = (home["neighbourhood_id"], home["community_code"])
        rows.append((name, *place, kind, year, n, count, weight_yuan))
    columns = "project_name neighbourhood_id community_code category plan_year buildings households"
    table = pd.DataFrame(rows, columns=[*columns.split(), "weight"])
    table = table.sort_values(["plan_year", "community_code", "project_name"], ignore_index=True)
    thousands = apportion(BUDGET_YUAN // 1_000, table.pop("weight").to_numpy(), 300, 90_000)
    table["budget_yuan"] = thousands * 1_000
    table.insert(0, "project_id", [f"JG{k:03d}" for k in range(1, len(table) + 1)])
    return table


def _stages(projects: pd.DataFrame) -> pd.DataFrame:
    draw = Stream("project stages")
    truths = [truth for name, truth in TRUTHS.items() if name.startswith("project_stalled")]
    stalled = {truth["project"]: truth for truth in truths}
    last = np.datetime64(LAST)
    rows = []
    for project in projects.itertuples():
        spring = np.datetime64(f"{project.plan_year - 1}-10-15") + int(draw.one() * 150)
        size = (project.households / 300) ** 0.25
        planned, actual = spring, spring + int(draw.one(-5, 12))
        slow = draw.lognormal(1, 0.30)[0] * (1.12 if project.plan_year < 2024 else 1.0)
        halt = stalled.get(project.project_id, {"stage": STAGES[-1]})["stage"]
        for k, stage in enumerate(STAGES):
            if k:
                leg = LEGS[k] * (size if k >= 4 else 1)
                planned = planned + int(leg)
                actual = actual + max(4, int(leg * slow * draw.lognormal(1, 0.35)[0]))
            moving = actual <= last and k <= STAGES.index(halt)
            day = actual if moving else np.datetime64("NaT")
            rows.append((project.project_id, stage, planned, day))
    table = pd.DataFrame(rows, columns=["project_id", "stage", "planned_on", "actual_on"])
    step = table["stage"].map({s: k for k, s in enumerate(STAGES)})
    since_begin = np.cumsum(LEGS)
    for project_id, truth in stalled.items():
        # All went as usual, a few days late, until the stage at which it stands since that day.
        mine = table["project_id"] == project_id
        at = STAGES.index(truth["stage"])
        usual = np.datetime64(truth["since"]) + (since_begin - since_begin[at])
        table.loc[mine, "planned_on"] = usual - 12
        table.loc[mine & (step <= at), "actual_on"] = usual[: at + 1]
    swap = table["project_id"] == TRUTHS["project_stages_reversed"]["project"]
    swap &= table["stage"].isin(["开工", "完工"])
    table.loc[swap, "actual_on"] = table.loc[swap, "actual_on"].to_numpy()[::-1]
    return table


def _investments(projects: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    """Money month by month and source by source within the thirty-six months.

    What was planned before the first month is booked in it, what is planned after the last is
    not yet booked; so the plan of a running project adds up to less than its budget.
    """
    draw = Stream("investments")
    days = stages.pivot(index="project_id", columns="stage").astype("datetime64[s]")
    first, last = MONTHS[0] - EPOCH, MONTHS[-1] - EPOCH
    rows = []

    def month_of(day: pd.Timestamp) -> float:
        return day.year * 12 + day.month - 1 + day.day / 31 - 1970 * 12

    def s_curve(at: float, start: float, end: float) -> float:
        """Share done by `at`: slow, fast, slow; 0 where it has not begun (NaN)."""
        if np.isnan(start):
            return 0.0
        t = min(max((at - start) / max(end - start, 1), 0), 1)
        return t * t * (3 - 2 * t)

    for project in projects.itertuples():
        plan, fact = (days.loc[project.project_id, day] for day in ("planned_on", "actual_on"))
        count = 2 + int(draw.one() * 3)
        chosen = np.sort(draw.sample(len(SOURCES), count, SOURCE_SHARES))
        weight = np.array(SOURCE_SHARES)[chosen] * draw.lognormal(count, 0.3)
        parts = apportion(project.budget_yuan // 1_000, weight, 1)
        plan_start, plan_end = month_of(plan["招标"]), month_of(plan["验收"])
        began, ended = fact["开工"], fact["完工"]
        if ended < began:
            began, ended = ended, began
        work_start, ready = month_of(began), month_of(fact["招标"])
        slip = np.fmax(0.0, work_start - month_of(plan["开工"])) if pd.notna(began) else 0.0
        work_end = month_of(ended) + 4 if pd.notna(ended) else plan_end + slip + 5
        saved = draw.one(0.93, 1.0)
        for s, part in zip(chosen, parts, strict=True):
            every = 2 + int(draw.one() * 2)
            turn = int(draw.one() * every)
            before = np.zeros(3, int)
            for m in range(first, last + 1):
                if (m - first + turn) % every and m != last:
                    continue
                at = m + 1
                planned = s_curve(at, plan_start, plan_end)
                allocated = s_curve(at, ready, (work_end + ready) / 2)
                paid = min(planned, allocated, s_curve(at, work_start, work_end) * saved)
                total = np.floor(part * np.array([planned, allocated, paid])).astype(int)
                step = np.maximum(total - before, 0)
                if step.any():
                    before = before + step
                    rows.append((project.project_id, m, SOURCES[s], *(step * 1_000)))
    columns = ["project_id", "month", "source", "planned_yuan", "allocated_yuan", "paid_yuan"]
    table = pd.DataFrame(rows, columns=columns)
    # One project was paid more than was planned and allocated.
    mine = table.index[table["project_id"] == TRUTHS["project_overpaid"]["project"]]
    planned, paid = table.loc[mine, ["planned_yuan", "paid_yuan"]].sum()
    table.loc[mine[-1], "paid_yuan"] += int((planned * 1.062 - paid) // 1_000 * 1_000)
    table["month"] = pd.to_datetime([EPOCH.shift(months).first for months in table["month"]])
    table = table.sort_values(["month", "project_id", "source"], ignore_index=True)
    table.insert(0, "entry_id", [f"ZJ{k:05d}" for k in range(1, len(table) + 1)])
    return table


def _beneficiaries(
    projects: pd.DataFrame, stages: pd.DataFrame, buildings: pd.DataFrame
) -> pd.DataFrame:
    """Residents who gained, counted once, and times they gained, one per work done.

    A neighbourhood's second project counts once only whom the first one had not reached.
    """
    draw = Stream("beneficiaries")
    begun = stages[stages["stage"].eq("开工") & stages["actual_on"].notna()]
    begun = begun.set_index("project_id")["actual_on"]
    table = projects[projects["project_id"].isin(begun.index)].reset_index(drop=True)
    homes = buildings.groupby("neighbourhood_id")[["residents", "households"]].sum()
    left = homes["residents"].to_dict()
    gains = []
    for project in table.itertuples():
        residents, households = homes.loc[project.neighbourhood_id]
        part = min(1, project.households / households)
        reach = int(residents * part * draw.one(0.90, 0.99))
        gain = min(reach, left[project.neighbourhood_id])
        left[project.neighbourhood_id] -= gain
        gains.append(gain)
    unique = np.array(gains)
    works = table["category"].map({"基础类": 2.2, "完善类": 3.0, "提升类": 3.4}).to_numpy()
    reach = np.maximum(unique, table["households"].to_numpy())
    weight = reach * works * draw.lognormal(len(table), 0.25)
    start = begun.loc[table["project_id"]].to_numpy().astype("datetime64[D]")
    confirmed = np.minimum(start + draw.whole(len(table), 25, 110), np.datetime64(LAST))
    return table[["project_id"]].assign(
        unique_residents=unique,
        cumulative_residents=apportion(CUMULATIVE_RESIDENTS, weight, unique),
        confirmed_on=confirmed,
    )


def _fund(communities: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    """Income and spending; spending adds up to 2,326,000 yuan and never outruns income."""
    draw = Stream("fund")
    codes = communities["community_code"].to_numpy()
    n = 384
    bare = TRUTHS["community_without_fund"]["community"]
    residents = buildings.groupby("community_code")["residents"].sum().reindex(codes)
    heat = residents.to_numpy(float) ** 0.4 * draw.lognormal(len(codes), 0.8)
    heat[codes == bare] = 0
    per_community = apportion(n, heat, np.where(heat > 0, 1, 0))
    place = np.repeat(codes, per_community)
    theme = draw.choose(n, list(FUND_ITEMS), THEME_SHARES)
    out = pd.DataFrame(
        {
            "booked_on": between(draw, n, FIRST, LAST, power=0.8),
            "direction": "支出",
            "community_code": place,
            "theme": theme,
            "element": draw.choose(n, ELEMENTS, ELEMENT_SHARES),
            "item": [draw.pick(FUND_ITEMS[t]) for t in theme],
            "amount_yuan": 100 * apportion(FUND_SPENT_YUAN // 100, draw.lognormal(n, 0.65), 5, 400),
        }
    )
    income = []
    needs = out.groupby(out["booked_on"].dt.to_period("Q"))["amount_yuan"].sum()
    for quarter, need in needs.items():
        # Each quarter's income comes in its first days and covers the quarter with a margin.
        day = max(np.datetime64(quarter.start_time, "D"), np.datetime64(FIRST))
        total = int(need * 1.02 + 40_000 * draw.one(0.2, 1.6)) // 100 * 100
        pieces = 100 * apportion(total // 100, draw.lognormal(5, 0.8), 20)
        for k, amount in enumerate(pieces):
            at = day + (0 if k == 0 else int(draw.one() * 12))
            home = codes[int(draw.one() * len(codes))] if k >= 3 else None
            item = INCOMES[0] if k == 0 else draw.pick(INCOMES[1:])
            income.append((at, "收入", home, None, None, item, int(amount)))
    incomes = pd.DataFrame(income, columns=out.columns)
    incomes.loc[incomes["community_code"] == bare, "community_code"] = None
    table = pd.concat([incomes, out], ignore_index=True)
    table["booked_on"] = table["booked_on"].astype("datetime64[s]")
    table = table.sort_values(["booked_on", "direction"], kind="stable", ignore_index=True)
    table.insert(0, "entry_id", [f"JJ{k:04d}" for k in range(1, len(table) + 1)])
    return table


def _demo_sites(communities: pd.DataFrame) -> pd.DataFrame:
    """22 sites: the two the reports name, the rest drawn; two more were struck off."""
    draw = Stream("demo sites")
    bare = communities["street_code"] == TRUTHS["street_without_demo_site"]["street"]
    named = ["420104010003", "420104004014"]
    weight = draw.lognormal(len(communities), 0.6)
    weight[bare | communities["community_code"].isin(named)] = 0
    # One in every street that may have any and is not named, then wherever the draw falls.
    others: list[int] = []
    street = communities["street_code"].to_numpy()
    for code in np.unique(street[~bare & ~np.isin(street, [c[:9] for c in named])]):
        others.append(int(draw.sample(len(communities), 1, weight * (street == code))[0]))
    weight[others] = 0
    others += draw.sample(len(communities), 24 - len(named) - len(others), weight).tolist()
    codes = [*named, *communities["community_code"].to_numpy()[others]]
    table = pd.DataFrame({"community_code": codes})
    names = communities.set_index("community_code")["community_name"]
    table.insert(0, "site_name", [f"{names[c]}“四创合一”样板示范点" for c in codes])
    table.insert(1, "level", np.where(np.arange(24) < 7, "市级", "区级"))
    days = np.sort(between(draw, 24, dt.date(2022, 9, 1), dt.date(2026, 8, 31)))
    table["named_on"] = days
    table["revoked_on"] = np.datetime64("NaT", "D")
    # Struck off: two that are not the only ones of their streets.
    many = table["community_code"].str[:9].map(table["community_code"].str[:9].value_counts())
    early = table.index[(many > 2) & (table.index >= 2) & (days < np.datetime64("2024-06-30"))][:2]
    table.loc[early, "revoked_on"] = [np.datetime64("2025-01-20"), np.datetime64("2025-12-31")]
    table.insert(0, "site_id", [f"SF{k:02d}" for k in range(1, 25)])
    return table
