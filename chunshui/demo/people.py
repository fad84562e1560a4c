"""Who lives where: neighbourhoods, buildings, residents and grids.

The district's residents and their ages are the census totals; how they spread over streets
follows the 2010 count, dampened; below the street everything is drawn.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from chunshui.demo import geography
from chunshui.demo.apportion import apportion
from chunshui.demo.compounds import FORMS, Layout, lay_out
from chunshui.demo.geography import ARTERIAL_HALF_WIDTH, Ground
from chunshui.demo.planted import TRUTHS
from chunshui.demo.sketch import PARKS
from chunshui.demo.stream import Stream

DAMPING = 0.85
"""Power of the 2010 population: below 1, as the old centre has lost residents since."""

# Share of households by form of housing; what is left of 1 goes to 多层.
FORM_SHARES = {
    "古田街道": {"高层": 0.44, "自建": 0.03},
    "韩家墩街道": {"高层": 0.42, "自建": 0.03},
    "宗关街道": {"高层": 0.46, "里弄": 0.05},
    "汉水桥街道": {"高层": 0.38, "里弄": 0.06},
    "宝丰街道": {"高层": 0.40, "里弄": 0.03},
    "荣华街道": {"高层": 0.34, "里弄": 0.30},
    "汉中街道": {"高层": 0.22, "里弄": 0.45},
    "汉正街道": {"高层": 0.30, "里弄": 0.55},
    "六角亭街道": {"高层": 0.34, "里弄": 0.26},
    "长丰街道": {"高层": 0.62, "自建": 0.06},
    "易家街道": {"高层": 0.52, "自建": 0.07},
}

# (first year, last year) built, and how old and how young the residents are beside the average.
CHARACTER = {
    "高层": ((1999, 2021), 0.78, 1.35),
    "多层": ((1976, 2003), 1.22, 0.74),
    "里弄": ((1925, 1968), 1.38, 0.62),
    "自建": ((1986, 2006), 0.80, 1.00),
}
NAME_ENDINGS = {
    "高层": ["花园", "佳苑", "名都", "雅居", "新城", "公馆", "华庭", "锦园", "嘉园", "家园"],
    "多层": ["小区", "宿舍", "新村", "东院", "西院", "大院", "南院", "北院", "工房", "住宅"],
    "里弄": ["里", "巷片", "坊", "东里", "西里", "老街片", "南里", "北里", "后街片", "横巷片"],
    "自建": ["湾", "村片", "一组片", "二组片", "三组片", "新湾", "老湾", "四组片"],
}


@dataclass
class People:
    """Neighbourhoods with their layouts, buildings and grids, in metres of the ground."""

    neighbourhoods: pd.DataFrame
    layouts: list[Layout]
    buildings: pd.DataFrame
    grids: pd.DataFrame

    @property
    def with_paths(self) -> np.ndarray:
        """Shape (neighbourhoods,): whether there are paths inside."""
        return np.array([len(layout.nodes) > 0 for layout in self.layouts])


def census() -> dict[str, float]:
    """Item → value of the census table in data/reference."""
    table = geography.read_reference("census_2020.csv")
    return dict(zip(table["item"], table["value"].astype(float), strict=True))


def street_residents(streets: pd.DataFrame) -> np.ndarray:
    """Residents per street, adding up to the census total.

    古田 has no published count: it is taken as its number of residents' committees times the
    other streets' mean residents per committee.
    """
    known = pd.to_numeric(streets["population_2010"], errors="coerce")
    committees = streets["residents_committees"].astype(float)
    mean = known.sum() / committees[known.notna()].sum()
    return apportion(int(census()["population"]), known.fillna(committees * mean) ** DAMPING)


def settle(ground: Ground) -> People:
    """House the district's residents. Takes about half a second."""
    facts = census()
    streets, communities = ground.streets, ground.communities
    plots = _plots(ground)
    residents = _community_residents(ground, plots, street_residents(streets))
    total_homes = round(facts["population"] / facts["household_size"])
    wobble = Stream("household size").lognormal(len(communities), 0.05)
    homes = apportion(total_homes, residents * wobble)
    hoods, layouts = _neighbourhoods(ground, plots, homes)
    buildings = _buildings(hoods, layouts, communities, homes)
    _fill(buildings, hoods, communities, residents, facts)
    grids = _grids(buildings, communities)
    return People(hoods, layouts, buildings, grids)


def _plots(ground: Ground) -> pd.DataFrame:
    """Blocks that can carry housing, inside their walls."""
    blocks = ground.blocks[ground.blocks["use"] == "住宅"].reset_index(drop=True)
    shapes = blocks["shape"].to_numpy()
    # Streets of the old town are narrow; those of large blocks are wide.
    inset = np.clip(2.2 + 0.045 * np.sqrt(blocks["area_m2"].to_numpy()), 5.5, 12)
    inner = shapely.buffer(shapes, -inset, join_style="mitre")
    for kind, metres in (("主干道", ARTERIAL_HALF_WIDTH + 7), ("铁路", 38)):
        corridor = geography.lines_of(ground.barriers, kind).buffer(metres, quad_segs=2)
        near = shapely.intersects(inner, corridor)
        inner[near] = shapely.difference(inner[near], corridor)
    inner = np.array([max(shapely.get_parts(s), key=shapely.area, default=s) for s in inner])
    blocks["plot"] = inner
    blocks["plot_m2"] = shapely.area(inner)
    box = shapely.area(shapely.oriented_envelope(inner))
    filled = blocks["plot_m2"] / np.where(box > 0, box, 1)
    return blocks[(blocks["plot_m2"] > 2_500) & (filled > 0.52)].reset_index(drop=True)


def _community_residents(ground: Ground, plots: pd.DataFrame, by_street: np.ndarray) -> np.ndarray:
    """Residents per community (in roster order), adding up to the streets' residents."""
    communities = ground.communities
    room = plots.groupby("community_code")["plot_m2"].sum()
    room = room.reindex(communities["community_code"]).to_numpy()
    out = np.zeros(len(communities), int)
    for code, total in zip(ground.streets["street_code"], by_street, strict=True):
        mine = np.flatnonzero(communities["street_code"] == code)
        draw = Stream("community residents", code)
        weight = room[mine] ** 0.62 * draw.lognormal(len(mine), 0.28)
        # At most 520 residents a hectare of plots, or the houses would not fit.
        high = np.maximum(room[mine] * 0.115, total / len(mine) * 0.3).astype(int)
        high = np.maximum(high, np.ceil(high * total / max(high.sum(), 1) * 1.05).astype(int))
        out[mine] = apportion(int(total), weight, low=1_000, high=high)
    return out


def _neighbourhoods(
    ground: Ground, plots: pd.DataFrame, homes: np.ndarray
) -> tuple[pd.DataFrame, list[Layout]]:
    """Choose blocks and forms community by community until the households fit."""
    names = ground.streets.set_index("street_code")["street_name"]
    centre = shapely.get_coordinates(shapely.centroid(plots["plot"].to_numpy()))
    # A slow wave over the district, so that housing clusters instead of peppering the map.
    wave = np.sin(centre[:, 0] / 310 + 1.3) + np.sin(centre[:, 1] / 270 + 0.4)
    wave += np.sin((centre[:, 0] + centre[:, 1]) / 450)
    rows, layouts = [], []
    for r, community in enumerate(ground.communities.itertuples()):
        code = community.community_code
        mine = np.flatnonzero(plots["community_code"] == code)
        draw = Stream("neighbourhoods", code)
        shares = dict(FORM_SHARES[names[code[:9]]])
        shares["多层"] = 1 - sum(shares.values())
        order = mine[np.argsort(-(wave[mine] + 1.6 * draw.many(len(mine))), kind="stable")]
        want = {form: homes[r] * share for form, share in shares.items()}
        area = plots["plot_m2"].to_numpy()
        # (block, form, part of the plot that is built up)
        chosen: list[tuple[int, str, float]] = []
        for block in order:
            if sum(want.values()) < 30:
                break
            fits = {form: area[block] * FORMS[form].homes_per_m2 for form in want}
            open_forms = [f for f in want if want[f] > 0.45 * fits[f]]
            if not open_forms:
                open_forms = [max(want, key=lambda f: want[f])]
            # Large plots suit towers, small ones the old forms.
            pull = [want[f] * ((area[block] / 9e3) if f == "高层" else 1.0) for f in open_forms]
            form = draw.choose(1, open_forms, pull)[0]
            part = float(np.clip(want[form] / fits[form], 0.15, 1))
            want[form] -= fits[form] * part
            chosen.append((block, form, part))
        short = homes[r] - sum(area[b] * FORMS[f].homes_per_m2 * p for b, f, p in chosen)
        dense = "里弄" if shares.get("里弄", 0) >= 0.2 else "高层"
        for k, (block, form, part) in sorted(enumerate(chosen), key=lambda c: -area[c[1][0]]):
            if short <= 0:
                break
            if form == "多层":
                gain = FORMS[dense].homes_per_m2 - FORMS[form].homes_per_m2 * part
                short -= area[block] * gain
                chosen[k] = (block, dense, 1.0)
        stem = community.stem
        used: set[str] = set()
        for block, form, part in chosen:
            layout = lay_out(plots["plot"][block], FORMS[form], draw, part)
            if layout is None:
                continue
            first, last = CHARACTER[form][0]
            skew = draw.one() ** (0.75 if form in ("高层", "多层") else 1)
            year = int(first + (last + 1 - first) * skew * 0.999)
            ending = draw.pick(NAME_ENDINGS[form])
            if form == "高层":
                later = [f"{stem}{ending}{number}期" for number in "二三四五六七八九十"]
            else:
                later = [f"{stem}{turn}号{ending}" for turn in range(2, 100)]
            name = next(n for n in (f"{stem}{ending}", *later) if n not in used)
            used.add(name)
            rows.append((name, form, code, year, *centre[block]))
            layouts.append(layout)
    row, layout = _in_the_park(ground)
    columns = ["neighbourhood_name", "form", "community_code", "built_year", "x", "y"]
    hoods = pd.DataFrame([*rows, row], columns=columns)
    hoods["kind"] = np.where(hoods["form"].isin(["里弄", "自建"]), "片区", "小区")
    hoods["is_old"] = (hoods["built_year"] <= 2000) & (hoods["form"] != "自建")
    hoods.insert(0, "neighbourhood_id", [f"XQ{n:04d}" for n in range(1, len(hoods) + 1)])
    return hoods, [*layouts, layout]


def _in_the_park(ground: Ground) -> tuple[tuple, Layout]:
    """Two houses in the middle of a park without paths: nothing leads to them (a known truth)."""
    x, y = PARKS["园博园"][:2]
    blocks = ground.blocks
    block = shapely.contains_xy(blocks["shape"].to_numpy(), x, y).argmax()
    row = ("园林职工宿舍", "多层", blocks["community_code"].iloc[block], 1988, x, y)
    nowhere = np.empty((0, 2))
    return row, Layout(np.array([[x - 9.0, y], [x + 9.0, y]]), nowhere, nowhere.astype(int), [])


def _buildings(
    hoods: pd.DataFrame, layouts: list[Layout], communities: pd.DataFrame, homes: np.ndarray
) -> pd.DataFrame:
    """Buildings with their storeys, lifts and households; one row per entrance of old flats."""
    sizes = [len(layout.buildings) for layout in layouts]
    hood = np.repeat(np.arange(len(hoods)), sizes)
    xy = np.vstack([layout.buildings for layout in layouts])
    n = len(xy)
    draw = Stream("buildings")
    form = hoods["form"].to_numpy()[hood]
    u = draw.many(n)
    # A neighbourhood's towers are of one height or two; old flats have six or seven storeys.
    tall = Stream("tower heights").choose(len(hoods), [11, 18, 24, 27, 31, 33], [2, 5, 3, 3, 3, 2])
    towers = np.asarray(tall)[hood] - (u < 0.25) * 4
    flats, old = 5 + (u > 0.14) + (u > 0.55), 2 + (u > 0.45) + (u > 0.9)
    forms = [form == "高层", form == "多层", form == "里弄"]
    storeys = np.select(forms, [towers, flats, old], 3 + (u > 0.35) + (u > 0.75)).astype(int)
    late = np.floor(draw.many(n) * 4).astype(int) - 1
    built = np.maximum(hoods["built_year"].to_numpy()[hood] + late, 1900)
    per_floor = np.select(forms, [4.1, 2.0, 3.1], 1.25)
    lift_added = Stream("lifts added").many(n) < 0.05
    frame = pd.DataFrame(
        {
            "hood": hood,
            "form": form,
            "community_code": hoods["community_code"].to_numpy()[hood],
            "neighbourhood_id": hoods["neighbourhood_id"].to_numpy()[hood],
            "built_year": built,
            "storeys": storeys,
            "has_lift": (storeys >= 9) | ((form == "多层") & (storeys >= 6) & lift_added),
            "room": storeys * per_floor * draw.lognormal(n, 0.10),
            "x": np.round(xy[:, 0] + 2 * (draw.many(n) - 0.5), 1),
            "y": np.round(xy[:, 1] + 2 * (draw.many(n) - 0.5), 1),
        }
    )
    number = frame.groupby("hood").cumcount() + 1
    names = hoods["neighbourhood_name"].to_numpy()[hood]
    unit = np.select(forms[:2], ["栋", "门栋"], "号")
    signs = [f"{a}{b}{c}" for a, b, c in zip(names, number, unit, strict=True)]
    frame.insert(0, "building_name", signs)
    frame.insert(0, "building_id", [f"LD{k:05d}" for k in range(1, n + 1)])
    households = np.zeros(n, int)
    for code, total in zip(communities["community_code"], homes, strict=True):
        mine = np.flatnonzero(frame["community_code"] == code)
        room = frame["room"].to_numpy()[mine]
        scale = total / room.sum()
        low = np.maximum(1, np.floor(room * min(scale, 1) * 0.55)).astype(int)
        high = np.ceil(room * max(scale, 1) * 1.25).astype(int) + 1
        households[mine] = apportion(int(total), room, low, high)
    frame["households"] = households
    return frame


def _fill(
    buildings: pd.DataFrame,
    hoods: pd.DataFrame,
    communities: pd.DataFrame,
    residents: np.ndarray,
    facts: dict[str, float],
) -> None:
    """Residents and their ages, in place; district totals are exact."""
    n = len(buildings)
    form = buildings["form"].to_numpy()
    size = np.select([form == "高层", form == "自建"], [1.08, 1.12], 0.93)
    weight = buildings["households"].to_numpy() * size * Stream("residents").lognormal(n, 0.10)
    count = np.zeros(n, int)
    for code, total in zip(communities["community_code"], residents, strict=True):
        mine = np.flatnonzero(buildings["community_code"] == code)
        count[mine] = apportion(int(total), weight[mine], low=1)
    # One building stands empty: its people live next door.
    vacant = buildings["building_id"] == TRUTHS["building_empty"]["building"]
    empty = int(vacant.idxmax())
    count[empty + 1] += count[empty]
    count[empty] = 0
    old = round(facts["population"] * (facts["share_60_64"] + facts["share_65_plus"]))
    young = round(facts["population"] * facts["share_0_4"] * 4 / 5)
    hood = buildings["hood"].to_numpy()
    older, younger = np.array([CHARACTER[f][1:] for f in form]).T
    older = older * Stream("older").lognormal(len(hoods), 0.22)[hood]
    younger = younger * Stream("younger").lognormal(len(hoods), 0.30)[hood]
    older = count * older * Stream("older homes").lognormal(n, 0.15)
    younger = count * younger * Stream("younger homes").lognormal(n, 0.35)
    sixty = apportion(old, older, 0, (count * 0.62).astype(int))
    most = np.minimum(count - sixty, np.ceil(count * 0.2)).astype(int)
    buildings["residents"] = count
    buildings["residents_60"] = sixty
    buildings["residents_0_3"] = apportion(young, younger, 0, most)


def _grids(buildings: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """Cut each community into grids of mostly 300 to 500 households; sets buildings' grid_id.

    The first grid of two communities is made far too large and far too small (known truths).
    """
    odd = {TRUTHS["grid_too_large"]["grid"][:12]: 870, TRUTHS["grid_too_small"]["grid"][:12]: 130}
    rows = []
    grid = np.empty(len(buildings), object)
    homes = buildings["households"].to_numpy()
    xy = buildings[["x", "y"]].to_numpy()
    for community in communities.itertuples():
        code = community.community_code
        mine = np.flatnonzero(buildings["community_code"] == code)
        mine = mine[_walk_hoods(buildings["hood"].to_numpy()[mine], xy[mine])]
        draw = Stream("grids", code)
        n = max(1, round(homes[mine].sum() / 392))
        size = draw.lognormal(n, 0.13)
        if code in odd:
            share = odd[code] / homes[mine].sum()
            size[1:] *= (1 - share) / size[1:].sum()
            size[0] = share
        edges = np.cumsum(size)[:-1] / size.sum() * homes[mine].sum()
        part = np.searchsorted(edges, np.cumsum(homes[mine]) - homes[mine] / 2)
        part = np.unique(part, return_inverse=True)[1]
        for k in range(part.max() + 1):
            who = mine[part == k]
            grid_id = f"{code}{k + 1:03d}"
            grid[who] = grid_id
            x, y = np.average(xy[who], axis=0)
            rows.append(
                (grid_id, f"{community.stem}第{k + 1}网格", code, int(homes[who].sum()), x, y)
            )
    buildings["grid_id"] = grid
    columns = ["grid_id", "grid_name", "community_code", "households", "x", "y"]
    return pd.DataFrame(rows, columns=columns)


def _walk_hoods(hood: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Order of buildings: neighbourhoods along a chain of nearest ones, buildings as laid out."""
    keys = np.unique(hood)
    middle = np.array([xy[hood == k].mean(0) for k in keys])
    chain = [int(np.argmin(middle.sum(1)))]
    left = set(range(len(keys))) - set(chain)
    while left:
        rest = sorted(left)
        step = rest[int(np.argmin(np.hypot(*(middle[rest] - middle[chain[-1]]).T)))]
        chain.append(step)
        left.discard(step)
    place = np.empty(len(keys), int)
    place[chain] = np.arange(len(keys))
    return np.lexsort((np.arange(len(hood)), place[np.searchsorted(keys, hood)]))
