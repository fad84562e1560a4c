"""Party organisations: committees, branches, member units, industries and two-new organisations."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.apportion import apportion
from chunshui.demo.days import FIRST, LAST, between, growing, missing
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

BRANCHES, MEMBER_UNITS = 332, 626
TWO_NEW, TWO_NEW_COVERED = 1_486, 1_359

INDUSTRIES = [
    ("商贸流通行业综合党委", "2021-06-18", 0.27),
    ("专业市场行业综合党委", "2021-06-18", 0.15),
    ("建筑房产行业综合党委", "2021-07-01", 0.09),
    ("教育培训行业综合党委", "2021-09-10", 0.09),
    ("卫生健康行业综合党委", "2021-11-05", 0.08),
    ("文化旅游体育行业综合党委", "2022-04-20", 0.07),
    ("社会服务行业综合党委", "2022-09-28", 0.10),
    ("科技互联网行业综合党委", "2024-03-15", 0.08),
    ("交通物流行业综合党委", "2024-09-20", 0.07),
]
# The article names neither the clusters nor their three industries: streets stand in for names.
CLUSTERS = {"420104009": "2023-05-18", "420104003": "2023-09-12", "420104005": "2024-11-20"}
IN_CLUSTER = 0.55  # of the street's organisations
# Uncovered organisations are this many times likelier in an industry than elsewhere.
HARD_TO_COVER = {"交通物流行业综合党委": 5.0, "专业市场行业综合党委": 1.6}

UNIT_NAMES = {
    "机关事业": ["派出所", "小学", "中学", "卫生服务中心", "税务所", "市场监管所", "城管执法中队", "司法所", "供电营业所", "消防救援站", "图书馆分馆", "环卫所"],
    "群团组织": ["工会联合会", "妇女联合会", "共青团工作委员会", "残疾人联合会", "科学技术协会", "红十字会"],
    "自治组织": ["业主委员会", "居民议事会", "物业管理委员会", "商户自治会", "楼栋自治会"],
    "经济组织": ["商贸公司", "物业服务公司", "建筑工程公司", "农贸市场公司", "银行支行", "超市门店", "连锁药房", "餐饮公司", "快递网点", "电信营业厅", "文化传媒公司", "物流公司"],
    "社会组织": ["社会工作服务中心", "志愿者协会", "养老服务中心", "商会", "文体协会", "托育服务中心", "法律援助站"],
}  # fmt: skip
UNIT_SHARES = {
    "机关事业": 0.25,
    "群团组织": 0.08,
    "自治组织": 0.13,
    "经济组织": 0.36,
    "社会组织": 0.18,
}

COMPANY_HEADS = "江汉恒信达诚汇丰隆泰源兴盛鑫瑞康宏嘉和顺博雅天成美华光远联众智创新安通捷利民益友德"
COMPANY_TAILS = {
    "商贸流通行业综合党委": ["商贸有限公司", "食品有限公司", "百货有限公司", "供应链有限公司"],
    "专业市场行业综合党委": ["服饰商行", "小商品经营部", "建材经营部", "布业有限公司"],
    "建筑房产行业综合党委": ["建设工程有限公司", "装饰有限公司", "物业服务有限公司", "房产经纪有限公司"],
    "教育培训行业综合党委": ["教育咨询有限公司", "培训学校", "托管中心", "艺术培训中心"],
    "卫生健康行业综合党委": ["口腔门诊部", "大药房", "健康管理有限公司", "护理服务有限公司"],
    "文化旅游体育行业综合党委": ["文化传媒有限公司", "旅行社", "健身服务有限公司", "影城"],
    "社会服务行业综合党委": ["社会工作服务中心", "养老服务中心", "志愿服务协会", "律师事务所"],
    "科技互联网行业综合党委": ["科技有限公司", "网络科技有限公司", "信息技术有限公司", "电子商务有限公司"],
    "交通物流行业综合党委": ["物流有限公司", "快递服务部", "配送服务站", "货运代理部"],
}  # fmt: skip


def build(
    streets: pd.DataFrame, communities: pd.DataFrame, hoods: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Table name → frame for the seven ledgers of organisation."""
    committees = _committees(streets, communities)
    branches, links = _branches(communities, hoods)
    industries = _industries()
    clusters = _clusters(streets)
    return {
        "party_committee": committees,
        "party_branch": branches,
        "branch_neighbourhood": links,
        "member_unit": _member_units(committees, communities, streets),
        "industry_committee": industries,
        "cluster": clusters,
        "two_new_org": _in_clusters(_two_new(industries, communities), clusters),
    }


def _committees(streets: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    draw = Stream("committees")
    n = len(communities)
    street = streets[["street_code", "street_name"]].assign(
        level="街道大工委",
        community_code=None,
        established_on=between(draw, len(streets), dt.date(2020, 9, 1), dt.date(2021, 12, 31)),
    )
    street["committee_name"] = street["street_name"] + "大工委"
    # One street's committee came later, so that the count of eleven has a history.
    street.loc[street["street_code"] == "420104012", "established_on"] = np.datetime64("2024-02-28")
    community = communities.merge(streets[["street_code", "street_name"]]).assign(
        level="社区大党委",
        established_on=growing(draw, n, 0.84, dt.date(2021, 1, 4), dt.date(2025, 9, 30)),
    )
    names = community["street_name"] + community["community_name"]
    community["committee_name"] = names + "大党委"
    columns = ["committee_name", "level", "street_code", "community_code", "established_on"]
    table = pd.concat([street[columns], community[columns]], ignore_index=True)
    table["dissolved_on"] = np.datetime64("NaT", "D")
    # Two communities' committees were founded anew; their former ones remain on the books.
    renewed = table[table["community_code"].isin(["420104011001", "420104009006"])].copy()
    renewed["committee_name"] += "（原）"
    renewed["established_on"] = np.datetime64("2019-06-28")
    renewed["dissolved_on"] = table.loc[renewed.index, "established_on"]
    table = pd.concat([table, renewed], ignore_index=True)
    table.insert(0, "committee_id", [f"DW{n:03d}" for n in range(1, len(table) + 1)])
    return table


def _branches(communities: pd.DataFrame, hoods: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """332 branches at work, 15 merged ones; each at work covers one to several neighbourhoods."""
    draw = Stream("branches")
    bare = set(TRUTHS["neighbourhood_without_branch"]["neighbourhoods"])
    count = hoods.groupby("community_code").size().reindex(communities["community_code"]).to_numpy()
    weight = count**0.8 * draw.lognormal(len(count), 0.25)
    share = apportion(BRANCHES, weight, 1, np.maximum(1, count - 1))
    rows, links = [], []
    for code, n in zip(communities["community_code"], share, strict=True):
        mine = hoods[(hoods["community_code"] == code) & ~hoods["neighbourhood_id"].isin(bare)]
        chain = mine.sort_values(["x", "y"])
        cuts = np.sort(draw.sample(len(chain) - 1, n - 1) + 1) if n > 1 else np.array([], int)
        for group in np.split(np.arange(len(chain)), cuts):
            part = chain.iloc[group]
            first = part["neighbourhood_name"].iloc[0]
            rows.append((f"{first}{'' if len(part) == 1 else '片区'}党支部", code))
            links.append(part["neighbourhood_id"].tolist())
    at_work = len(rows)
    for k in draw.sample(at_work, 15):
        rows.append((rows[k][0].replace("党支部", "原党支部"), rows[k][1]))
        links.append(links[k][:1])
    branches = pd.DataFrame(rows, columns=["branch_name", "community_code"])
    new = growing(draw, at_work, 0.83, dt.date(2019, 3, 1))
    old = between(draw, 15, dt.date(2017, 3, 1), dt.date(2020, 12, 31))
    branches["established_on"] = np.concatenate([new, old])
    branches["dissolved_on"] = np.datetime64("NaT", "D")
    branches.loc[at_work:, "dissolved_on"] = between(draw, 15, FIRST, dt.date(2026, 6, 30))
    branches.insert(0, "branch_id", [f"ZB{n:03d}" for n in range(1, len(branches) + 1)])
    pairs = branches[["branch_id"]].assign(neighbourhood_id=links).explode("neighbourhood_id")
    return branches, pairs


def _member_units(
    committees: pd.DataFrame, communities: pd.DataFrame, streets: pd.DataFrame
) -> pd.DataFrame:
    """626 units at work and 61 that left, more of them around the streets' committees."""
    draw = Stream("member units")
    active = committees[committees["dissolved_on"].isna()].reset_index(drop=True)
    weight = np.where(active["level"] == "街道大工委", 2.6, 1.0) * draw.lognormal(len(active), 0.55)
    counts = apportion(MEMBER_UNITS, weight, 1)
    left = apportion(61, counts.astype(float))
    stems = streets.set_index("street_code")["street_name"].str.removesuffix("街道").to_dict()
    stems |= communities.set_index("community_code")["stem"].to_dict()
    rows = []
    for k, committee in enumerate(active.itertuples()):
        stem = stems[committee.community_code or committee.street_code]
        n = counts[k] + left[k]
        kinds = draw.choose(n, list(UNIT_SHARES), list(UNIT_SHARES.values()))
        used: dict[str, int] = {}
        for number, kind in enumerate(kinds):
            name = f"{stem}{draw.pick(UNIT_NAMES[kind])}"
            used[name] = used.get(name, 0) + 1
            if used[name] > 1:
                name = f"{stem}第{'零一二三四五六七八九十'[used[name]]}{name.removeprefix(stem)}"
            rows.append((name, kind, committee.committee_id, number >= counts[k]))
    table = pd.DataFrame(rows, columns=["unit_name", "kind", "committee_id", "gone"])
    gone = table.pop("gone").to_numpy()
    n = len(table)
    founded = table["committee_id"].map(active.set_index("committee_id")["established_on"])
    joined = growing(draw, n, 0.68, dt.date(2021, 3, 1))
    joined[gone] = between(draw, gone.sum(), dt.date(2021, 3, 1), dt.date(2024, 6, 30))
    founded = founded.to_numpy().astype("datetime64[D]")
    # Nobody joins before there is a committee; they come over the months that follow.
    joined = np.where(joined < founded, founded + draw.whole(n, 0, 180), joined)
    joined = np.minimum(joined, np.datetime64(LAST) - 30)
    table["joined_on"] = joined
    parted = np.maximum(between(draw, n, FIRST, LAST), joined + 60)
    table["left_on"] = missing(np.minimum(parted, np.datetime64(LAST)), ~gone)
    table.insert(0, "unit_id", [f"CY{k:03d}" for k in range(1, n + 1)])
    leaver = TRUTHS["member_unit_left"]
    row = table["unit_id"] == leaver["unit"]
    table.loc[row, "joined_on"] = np.datetime64("2022-03-15")
    if not gone[row].any():  # another one that had left stays, for the count to be kept
        table.loc[np.flatnonzero(gone)[0], "left_on"] = np.datetime64("NaT")
    table.loc[row, "left_on"] = np.datetime64(leaver["left_on"])
    return table


def _industries() -> pd.DataFrame:
    rows: list[tuple[str, str, str | None]] = [(name, day, None) for name, day, _ in INDUSTRIES]
    rows.append(("网信直播行业综合党委（已并入科技互联网）", "2022-12-09", "2024-03-15"))
    days = ["established_on", "dissolved_on"]
    table = pd.DataFrame(rows, columns=["industry_name", *days])
    table[days] = table[days].astype("datetime64[s]")
    table.insert(0, "industry_id", [f"HY{n:02d}" for n in range(1, len(table) + 1)])
    return table


def _clusters(streets: pd.DataFrame) -> pd.DataFrame:
    names = streets.set_index("street_code")["street_name"].str.removesuffix("街道")
    return pd.DataFrame(
        {
            "cluster_id": [f"JJ{n}" for n in range(1, len(CLUSTERS) + 1)],
            "cluster_name": [f"{names[code]}产业集聚区（示意）" for code in CLUSTERS],
            "street_code": list(CLUSTERS),
            "industry_id": None,
            "industry_label": None,
            "named_on": np.array(list(CLUSTERS.values()), "datetime64[D]"),
        }
    )


def _in_clusters(orgs: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """The organisations with the cluster of their street, about every second one of them."""
    inside = Stream("clusters").many(len(orgs)) < IN_CLUSTER
    of_street = clusters.set_index("street_code")["cluster_id"]
    found = orgs["community_code"].str[:9].map(of_street)
    return orgs.assign(cluster_id=found.where(inside & found.notna(), None))


def stations_in_clusters(stations: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """The stations, those of level 集聚区 with the cluster of their street."""
    of_street = clusters.set_index("street_code")["cluster_id"]
    found = stations["street_code"].map(of_street)
    inside = (stations["level"] == "集聚区") & found.notna()
    return stations.assign(cluster_id=found.where(inside, None))


def _two_new(industries: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """1,486 organisations at work, 1,359 of them with a party organisation; 268 closed ones."""
    draw = Stream("two new")
    closed = 268
    n = TWO_NEW + closed
    names = [name for name, _, _ in INDUSTRIES]
    industry = np.asarray(draw.choose(n, range(len(names)), [share for *_, share in INDUSTRIES]))
    street = communities["street_code"]
    busy = {"420104009": 2.6, "420104003": 1.7, "420104005": 1.5, "420104001": 1.3}
    weight = street.map(busy).fillna(1).to_numpy() * draw.lognormal(len(communities), 0.75)
    place = np.asarray(draw.choose(n, range(len(communities)), weight))
    social = np.asarray([names[i] == "社会服务行业综合党委" for i in industry])
    social &= draw.many(n) < 0.8
    heads: dict[str, None] = {}  # in the order drawn, none twice
    for k, i in enumerate(industry):
        while len(heads) == k:
            name = "".join(draw.choose(3, COMPANY_HEADS)) + draw.pick(COMPANY_TAILS[names[i]])
            heads[name] = None
    opened = growing(draw, n, 0.74, dt.date(2012, 3, 1), dt.date(2026, 8, 31))
    opened[TWO_NEW:] = between(draw, closed, dt.date(2012, 3, 1), dt.date(2024, 8, 31))
    gone = np.full(n, np.datetime64("NaT"), "datetime64[D]")
    gone[TWO_NEW:] = np.maximum(between(draw, closed, FIRST, LAST), opened[TWO_NEW:] + 200)
    gone[TWO_NEW:] = np.minimum(gone[TWO_NEW:], np.datetime64(LAST))

    poor = (street == TRUTHS["street_two_new_below_90"]["street"]).to_numpy()[place]
    hard = np.asarray([HARD_TO_COVER.get(names[i], 1.0) for i in industry])
    bare = np.zeros(n, bool)
    missed = TWO_NEW - TWO_NEW_COVERED
    alive = np.arange(n) < TWO_NEW
    few = round(0.155 * (poor & alive).sum())
    for group, count in ((poor & alive, few), (~poor & alive, missed - few)):
        members = np.flatnonzero(group)
        # A cap by street keeps every other street above the ninety per cent.
        taken: dict[str, int] = {}
        size = street.iloc[place[members]].value_counts()
        for k in draw.sample(len(members), len(members), hard[members]):
            code = street.iloc[place[members[k]]]
            if not poor[members[k]] and taken.get(code, 0) + 1 > 0.088 * size[code]:
                continue
            taken[code] = taken.get(code, 0) + 1
            bare[members[k]] = True
            count -= 1
            if count == 0:
                break
    bare[TWO_NEW:] = draw.many(closed) < 0.30
    u = draw.many(n)
    kinds = ["工作覆盖", "未覆盖", "单独组建"]
    cover = np.select([bare & (u < 0.66), bare, u < 0.38], kinds, "联合组建")
    # Coverage came months to years after opening, for old ones during the campaign of 2021-2026.
    start = np.maximum(opened, np.datetime64("2021-03-01"))
    lag = np.floor(draw.lognormal(n, 0.9) * 150).astype(int) + 20
    late = draw.many(n) < 0.11
    covered = start + lag
    covered = np.where(late, np.maximum(between(draw, n, FIRST, LAST), covered), covered)
    last = np.where(np.isnat(gone), np.datetime64(LAST), gone)
    span = (last - opened).astype(int)
    sooner = opened + np.floor(span * draw.many(n)).astype(int)
    covered = np.where(covered > last, sooner, covered)
    table = pd.DataFrame(
        {
            "org_id": [f"LX{k:04d}" for k in range(1, n + 1)],
            "org_name": list(heads),
            "kind": np.where(social, "社会组织", "非公企业"),
            "industry_id": industries["industry_id"].to_numpy()[industry],
            "community_code": communities["community_code"].to_numpy()[place],
            "opened_on": opened,
            "closed_on": gone,
            "cover": cover,
            "covered_on": missing(covered, cover == "未覆盖"),
        }
    )
    original, twin = (table["org_id"] == org for org in TRUTHS["two_new_same_name"]["orgs"])
    same = ["org_name", "community_code"]
    table.loc[twin, same] = table.loc[original, same].to_numpy()
    return table
