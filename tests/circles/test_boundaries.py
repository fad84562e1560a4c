"""Boundaries with planted faults: areas recomputed by shapely alone, layers moved as a whole."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from chunshui import coordinates
from chunshui.circles import boundaries, boundary_shift, coordinate_check

# 8 × 6 communities of 500 m by 500 m in four streets of 4 × 3, on the grid of EPSG:4547.
SIDE, ACROSS, UP = 500.0, 8, 6
CRS = "EPSG:4547"
AT = np.array([520_000.0, 3_384_000.0])
BACK = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
FORTH = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
POINTS = (*coordinate_check.WATCHED,)


def degrees(shape):
    return shapely.transform(shape, lambda xy: np.column_stack(BACK.transform(*xy.T)))


def metres(shape):
    return shapely.transform(shape, lambda xy: np.column_stack(FORTH.transform(*xy.T)))


def cell(x, y, wide=1, high=1):
    """Return a rectangle with a corner wherever communities meet, so that borders are the same."""
    box = shapely.box(
        *(AT + SIDE * np.array([x, y])), *(AT + SIDE * np.array([x + wide, y + high]))
    )
    return box.segmentize(SIDE)


def district(code="999901", per_community=4):
    """Return tables of a district that is right: shapes in degrees, points in their communities."""
    places = [(x, y) for y in range(UP) for x in range(ACROSS)]
    streets = [(x, y) for y in (0, 3) for x in (0, 4)]
    common = {"valid_from": pd.Timestamp("2020-01-01"), "valid_to": pd.NaT, "source_id": "S1"}
    community = pd.DataFrame(
        {
            "community_code": [
                f"{code}{1 + x // 4 + 2 * (y // 3):03d}{x:01d}{y:02d}" for x, y in places
            ],
            "community_name": [f"{x}东{y}北社区" for x, y in places],
            "street_code": [f"{code}{1 + x // 4 + 2 * (y // 3):03d}" for x, y in places],
            "shape": [degrees(cell(x, y)) for x, y in places],
            **common,
        }
    )
    street = pd.DataFrame(
        {
            "street_code": [f"{code}{1 + n:03d}" for n in range(4)],
            "street_name": [f"第{n}街道" for n in range(4)],
            "district_code": code,
            "shape": [degrees(cell(x, y, 4, 3)) for x, y in streets],
            **common,
        }
    )
    whole = pd.DataFrame(
        {
            "district_code": [code],
            "district_name": ["某区"],
            "shape": [degrees(cell(0, 0, ACROSS, UP))],
            "source_id": "S1",
        }
    )
    chance = np.random.default_rng(1)
    at = np.repeat(np.arange(len(places)), per_community)
    xy = AT + SIDE * (np.array(places)[at] + chance.uniform(0.02, 0.98, (len(at), 2)))
    lon, lat = BACK.transform(*xy.T)
    station = pd.DataFrame(
        {
            "station_id": [f"Z{n}" for n in range(len(at))],
            "station_name": [f"第{n}站" for n in range(len(at))],
            "community_code": community["community_code"].to_numpy()[at],
            "lon": lon,
            "lat": lat,
            "source_id": "S2",
        }
    )
    return {"district": whole, "street": street, "community": community, "station": station}


RIGHT = district()
PLAIN = [metres(shape) for shape in RIGHT["community"]["shape"]]


def found(tables, below=None):
    def stored(rows):
        return rows.assign(shape=[shapely.to_wkb(one) for one in rows["shape"]])

    given_ = {t: stored(rows) if t in boundary_shift.LAYERS else rows for t, rows in tables.items()}
    empty = {t: pd.DataFrame() for t in POINTS if t not in tables}
    under = {t: stored(rows) for t, rows in (below or {}).items()}
    return coordinate_check.coordinate_findings(given_ | empty, under)


def moved(tables, table, change, rows=slice(None)):
    """Return the tables with the shapes of a layer changed."""
    layer = tables[table].copy()
    at = layer.index[rows]
    layer.loc[at, "shape"] = shapely.transform(
        layer.loc[at, "shape"].to_numpy(dtype=object),
        lambda xy: np.column_stack(change(xy[:, 0], xy[:, 1])),
    )
    return tables | {table: layer}


def to(system):
    return lambda lon, lat: coordinates.from_wgs84(lon, lat, system)


def undone(system):
    return lambda lon, lat: coordinates.to_wgs84(lon, lat, system)


def numbers(message, unit="平方米"):
    head = message.split(unit)[0]
    digits = "".join(c for c in head[len(head.rstrip("0123456789,")) :] if c.isdigit())
    return int(digits)


def test_what_is_right_gives_nothing():
    assert found(RIGHT).empty


@settings(max_examples=8, deadline=None)
@example(at=41, east=0.0, north=-693.0)  # edges that all but coincide
@given(
    at=st.integers(0, ACROSS * UP - 1),
    east=st.floats(-700, 700),
    north=st.floats(-700, 700),
)
def test_a_community_moved_overlaps_its_neighbours_by_what_shapely_measures(at, east, north):
    community = RIGHT["community"].copy()
    plain = list(PLAIN)
    plain[at] = shapely.affinity.translate(plain[at], east, north)
    community.at[at, "shape"] = degrees(plain[at])
    says = found(RIGHT | {"community": community})
    pairs = says[says["check_id"].isin([boundaries.OVERLAP, boundaries.TWICE])]
    names = community["community_name"]
    told = {
        frozenset(message.split("的边界")[0].split("与")): numbers(message)
        for message in pairs["message"]
    }
    want = {}
    for other in range(len(plain)):
        common = plain[at].intersection(plain[other])
        if other != at and common.area >= 100 and not common.buffer(-2.5).is_empty:
            want[frozenset(names[[at, other]])] = common.area
    assert told == pytest.approx(want, abs=2)
    out = says[(says["check_id"] == boundaries.OUTSIDE)]
    beyond = plain[at].difference(
        metres(RIGHT["street"]["shape"][int(community["street_code"][at][-1]) - 1])
    )
    if beyond.area >= 100 and not beyond.buffer(-2.5).is_empty:
        assert numbers(out["message"].iloc[0]) == pytest.approx(beyond.area, abs=2)
    else:
        assert out.empty
    gaps = says[says["check_id"] == boundaries.GAP]
    streets = [metres(shape) for shape in RIGHT["street"]["shape"]]
    hole = shapely.union_all(streets) - shapely.union_all(plain, grid_size=1e-3)
    wide = [
        part
        for part in shapely.get_parts(hole)
        if part.area >= 100 and not part.buffer(-2.5).is_empty
    ]
    assert sum(map(numbers, gaps["message"])) == pytest.approx(sum(p.area for p in wide), abs=3)
    assert (
        not (says["check_id"] == coordinate_check.FROM_COORDINATES).any()
        or abs(east) + abs(north) > 50  # further, a station may lie outside and fit another datum
    )


def test_the_same_shape_twice_is_no_overlap_but_a_copy():
    community = RIGHT["community"].copy()
    community.at[1, "shape"] = community.at[0, "shape"]
    says = found(RIGHT | {"community": community}).set_index("check_id")
    assert says.loc[boundaries.TWICE, "message"].startswith(
        "0东0北社区与1东0北社区的边界是同一个图形，重合250,000平方米"
    )
    assert "挨着0东0北社区、0东1北社区、1东0北社区等6个" in says.loc[boundaries.GAP, "message"]


def test_a_street_outside_the_district_is_told_with_its_area():
    whole = RIGHT["district"].assign(shape=[degrees(cell(0, 0, ACROSS, UP - 1))])
    says = found(RIGHT | {"district": whole})
    assert list(says["check_id"]) == [boundaries.OUTSIDE] * 2
    assert says["message"].iloc[0].startswith("第2街道有1,000,000平方米（33.3%）在所属的某区以外")


def test_communities_that_were_merged_do_not_overlap_what_they_became():
    community = RIGHT["community"]
    old = community.iloc[:2].assign(
        community_code=["999901001998", "999901001999"],
        valid_from=pd.Timestamp("2010-01-01"),
        valid_to=pd.Timestamp("2019-12-31"),
    )
    tables = RIGHT | {"community": pd.concat([community, old], ignore_index=True)}
    assert found(tables).empty


def shaken(tables, metres_, seed):
    """Return the tables with every corner of every community drawn anew, so far off."""
    chance = np.random.default_rng(seed)
    shapes = []
    for shape in tables["community"]["shape"]:
        corners = shapely.get_coordinates(metres(shape))[:-1]
        shapes.append(degrees(shapely.Polygon(corners + chance.normal(0, metres_, corners.shape))))
    return tables | {"community": tables["community"].assign(shape=shapes)}


def test_lines_drawn_twice_are_one_note_and_the_worst_ten_stand_for_many():
    fine = found(shaken(RIGHT, 0.5, seed=3))
    assert list(fine["check_id"]) == [boundaries.SLIVER]
    coarse = found(shaken(RIGHT, 30, seed=4))
    assert (coarse["check_id"] == boundaries.OVERLAP).sum() == boundaries.TOLD + 1
    assert coarse["message"].str.contains("边界重叠另有").sum() == 1
    assert not (coarse["check_id"] == coordinate_check.FROM_COORDINATES).any()


LAYERS = [
    ("district",), ("street",), ("community",), ("street", "community"), ("district", "street", "community"),
]  # fmt: skip


@pytest.mark.parametrize("layers", LAYERS, ids="-".join)
@pytest.mark.parametrize("system", [coordinates.GCJ02, coordinates.BD09])
def test_layers_of_another_system_are_asked_about_once_each_and_nothing_else_is(layers, system):
    tables = RIGHT
    for table in layers:
        tables = moved(tables, table, to(system))
    says = found(tables)
    assert set(says["entity_table"]) == set(layers) and len(says) == len(layers)
    assert set(says["severity"]) == {"错误"}
    assert says["mend"].str.contains(f"写明为 {system} 后").all()
    away = FORTH.transform(*to(system)(*BACK.transform(*AT)))
    assert numbers(says["message"].iloc[0], "米") == pytest.approx(np.hypot(*(away - AT)), abs=5)


@pytest.mark.parametrize("layers", LAYERS[:4], ids="-".join)
def test_layers_converted_though_they_were_right_are_told_so(layers):
    tables = RIGHT
    for table in layers:
        tables = moved(tables, table, undone(coordinates.GCJ02))
    says = found(tables)
    assert set(says["entity_table"]) == set(layers) and len(says) == len(layers)
    assert says["mend"].str.contains("写明为 WGS-84 后").all()


def test_one_streets_communities_from_another_map_are_its_own():
    tables = moved(RIGHT, "community", to(coordinates.GCJ02), slice(0, 4))
    community = tables["community"]
    community.loc[:3, "source_id"] = "S9"
    says = found(tables)
    assert list(says["entity_table"]) == ["community"]
    assert says["message"].iloc[0].startswith("4个社区的边界整体偏移约5")


def test_points_of_another_map_are_not_laid_to_the_boundaries():
    station = RIGHT["station"].copy()
    station["lon"], station["lat"] = to(coordinates.GCJ02)(station["lon"], station["lat"])
    says = found(RIGHT | {"station": station})
    assert list(says["entity_table"]) == ["station"] and list(says["severity"]) == ["错误"]


def test_the_version_served_tells_where_nothing_else_can():
    bare = RIGHT | {"station": RIGHT["station"].iloc[:0]}
    tables = bare
    for table in boundary_shift.LAYERS:
        tables = moved(tables, table, to(coordinates.GCJ02))
    assert found(tables).empty
    below = {table: RIGHT[table] for table in boundary_shift.LAYERS}
    assert set(found(tables, below)["entity_table"]) == set(boundary_shift.LAYERS)
    # A mistake once published blames nobody who brings what is right.
    assert found(bare, {table: tables[table] for table in boundary_shift.LAYERS}).empty
