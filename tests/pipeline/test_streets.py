"""A street file becomes the ledgers 步行节点 and 步行路段: from the file to a version that is asked."""

import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from chunshui import cli, coordinates, pipeline
from chunshui.circles import network
from chunshui.errors import ChunshuiError
from chunshui.pipeline.streets import street_ledgers
from chunshui.warehouse import Store
from tests.circles.test_osm import write_osm
from tests.warehouse import small

# The district of `small`: 114.20 to 114.23, 30.57 to 30.58.
WEST, SOUTH = 114.20, 30.57


def lines():
    """A grid of streets over the district and far beyond it to the east; 200 m apart at most."""
    x, y = np.arange(WEST - 0.01, WEST + 0.09, 0.002), np.arange(SOUTH, SOUTH + 0.0101, 0.002)
    streets = [shapely.LineString([(a, b) for a in x]) for b in y]
    streets += [shapely.LineString([(a, b) for b in y]) for a in x]
    frame = gpd.GeoDataFrame(geometry=streets, crs=4326)
    frame["highway"], frame["name"] = "residential", ""
    frame.loc[0, ["highway", "name"]] = "motorway", "三环线"
    frame.loc[len(y), "highway"] = "service"
    return frame


def osm_file(path):
    nodes, ways, number = {}, {}, {}
    for way, row in enumerate(lines().itertuples(), start=1):
        refs = []
        for point in np.round(shapely.get_coordinates(row.geometry), 7).tolist():
            ref = number.setdefault(tuple(point), len(number) + 1)
            nodes[ref] = tuple(point)
            refs.append(ref)
        tags = {"highway": row.highway, "name": row.name}
        ways[way] = (refs, {key: value for key, value in tags.items() if value})
    write_osm(path, nodes, ways)
    return path


def shapefile(path):
    import zipfile

    lines().rename(columns={"highway": "fclass"}).to_file(
        path.with_suffix(".shp"), encoding="utf-8"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for ending in (".shp", ".shx", ".dbf", ".prj"):
            archive.write(path.with_suffix(ending), f"路网{ending}")
    return path


def street_file(folder, kind):
    path = folder / f"道路.{kind}"
    if kind == "osm.pbf":
        return osm_file(path)
    if kind == "zip":
        return shapefile(path)
    frame = lines() if kind == "geojson" else lines().to_crs(4547)
    frame.to_file(path)
    return path


def outline(folder, shape=None, name="范围.geojson", **members):
    shape = shape or shapely.box(WEST, SOUTH, WEST + 0.03, SOUTH + 0.01)
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], **members}))
    return path


def made(path, tmp_path, **options):
    options = {"outline": outline(tmp_path)} | options
    return street_ledgers([(path, path.name)], tmp_path, **options)


def frames(streets):
    nodes, edges = (pd.read_csv(path) for path, _ in streets.files)
    nodes.columns = ["node_id", "kind", "lon", "lat"]
    edges.columns = ["edge_id", "from_node", "to_node", "kind", "metres"]
    return nodes, edges


@pytest.mark.usefixtures("reading_here")
@pytest.mark.parametrize("kind", ["osm.pbf", "geojson", "gpkg", "zip"])
def test_every_kind_of_file_gives_the_same_two_ledgers(tmp_path, kind):
    streets = made(street_file(tmp_path, kind), tmp_path)
    assert [label for _, label in streets.files] == [
        f"步行节点（道路{'' if kind == 'osm.pbf' else '.' + kind}）.csv",
        f"步行路段（道路{'' if kind == 'osm.pbf' else '.' + kind}）.csv",
    ]
    nodes, edges = frames(streets)
    walked = network.from_ledgers(nodes, edges)
    # The district and 1,500 m around; whole streets between two crossings.
    assert nodes["lon"].min() == pytest.approx(WEST - 0.01, abs=1e-6)
    assert WEST + 0.045 < nodes["lon"].max() < WEST + 0.048
    assert walked.island.max() == 0
    assert walked.notes == ()
    assert set(edges["kind"]) == {"街道", "院内路"}
    text = "".join(streets.report)
    assert "《范围.geojson》的范围外扩1,500米" in text
    assert f"可步行{walked.km:,.1f}公里" in text
    assert re.search(r"1条道路看来不让行人走，未计入：高速公路、匝道1条\d\.\d公里", text)
    assert "其中较长的有三环线" in text
    assert re.search(r"\d+\.\d公里道路在所给范围之外", text)


def test_the_ledgers_are_published_and_walked(tmp_path):
    store = Store(tmp_path / "versions")
    ledgers = small.ledgers(tmp_path / "ledgers")
    first = pipeline.build(ledgers, store=store, note="一", by="试", serve=True)
    with store.open(first.version) as reader:
        assert reader.query("views/walks").empty
    path = street_file(tmp_path, "osm.pbf")
    streets = street_ledgers([(path, path.name)], tmp_path, store=store)
    assert f"现用版本{first.version}各社区的范围" in streets.report[0]
    options = pipeline.IntakeOptions(demonstration=True)
    report = pipeline.examine(streets.files, store=store, options=options)
    assert report.ok, [str(issue) for issue in report.issues]
    second = pipeline.build(
        streets.files, store=store, note="二", by="试", serve=True, options=options
    )
    nodes, edges = frames(streets)
    assert second.rows["walk_node"] == len(nodes) and second.rows["walk_edge"] == len(edges)
    with store.open() as reader:
        doors = reader.query("views/walk_doors")
        files = reader.query("views/source_files")
    assert (doors["leg"] < 200).all() and len(doors) >= 3
    assert {"步行节点（道路）.csv", "步行路段（道路）.csv"} <= set(files["file_name"])


@pytest.mark.usefixtures("reading_here")
def test_the_communities_of_the_same_upload_come_first(tmp_path):
    store = Store(tmp_path / "versions")
    pipeline.build(small.ledgers(tmp_path / "ledgers"), store=store, note="", by="试", serve=True)
    given = outline(
        tmp_path, shapely.box(WEST + 0.05, SOUTH, WEST + 0.06, SOUTH + 0.01), "社区名录.geojson"
    )
    path = street_file(tmp_path, "gpkg")
    files = [(path, path.name), (given, given.name)]
    streets = street_ledgers(files, tmp_path, store=store)
    assert "同批社区名录的范围" in streets.report[0]
    nodes, _ = frames(streets)
    assert nodes["lon"].min() > WEST + 0.03


@pytest.mark.usefixtures("reading_here")
def test_coordinates_of_map_makers_are_turned_into_wgs84(tmp_path):
    plain = frames(made(street_file(tmp_path, "geojson"), tmp_path))[0]
    frame = lines()
    frame["geometry"] = shapely.transform(
        frame.geometry.to_numpy(),
        lambda xy: np.column_stack(coordinates.from_wgs84(*xy.T, coordinates.GCJ02)),
    )
    document = json.loads(frame.to_json(drop_id=True)) | {"坐标系": "GCJ-02"}
    document.pop("crs", None)
    path = tmp_path / "高德道路.geojson"
    path.write_text(json.dumps(document), "utf-8")
    shifted = frames(made(path, tmp_path))[0]
    assert len(shifted) == len(plain)
    assert (
        np.abs(shifted[["lon", "lat"]].to_numpy() - plain[["lon", "lat"]].to_numpy()).max() < 2e-7
    )


@pytest.mark.usefixtures("reading_here")
def test_files_that_hold_no_streets_are_left_to_the_ledgers(tmp_path):
    area = outline(tmp_path)
    assert made(area, tmp_path) is None
    named = outline(
        tmp_path, shapely.LineString([(WEST, SOUTH), (WEST + 0.01, SOUTH)]), "步行屏障.geojson"
    )
    assert made(named, tmp_path) is None
    assert street_ledgers([(tmp_path / "x.xlsx", "民情台账.xlsx")], tmp_path) is None


@pytest.mark.usefixtures("reading_here")
def test_a_file_cut_off_at_the_margin_stated(tmp_path):
    path = street_file(tmp_path, "gpkg")
    wide, narrow = (len(frames(made(path, tmp_path, margin_m=m))[0]) for m in (3000, 0))
    assert narrow < wide
    with pytest.raises(ChunshuiError, match="0到4,000米"):
        made(path, tmp_path, margin_m=5000)


def _two_layers(folder):
    path = folder / "道路.gpkg"
    for layer in ("车行", "人行"):
        lines().to_file(path, layer=layer)
    return path


def _text(name, content):
    def write(folder):
        path = folder / name
        path.write_bytes(content)
        return path

    return write


def _geojson(change, **members):
    def write(folder):
        frame = change(lines())
        document = json.loads(frame.to_json(drop_id=True)) | members
        if "crs" not in members:
            document.pop("crs", None)
        path = folder / "道路.geojson"
        path.write_text(json.dumps(document), "utf-8")
        return path

    return write


def _closed(frame):
    return frame.assign(highway="motorway")


@pytest.mark.usefixtures("reading_here")
@pytest.mark.parametrize(
    ("write", "words"),
    [
        (_two_layers, "一次只能带一个路网，这批里有2个：《道路.gpkg》的图层“人行”、"),
        (_text("道路.osm.pbf", b"\x00\x00\x00\x0dnot osm at all"), "《道路.osm.pbf》读不出来"),
        (_text("道路.geojson", b'{"type": '), "《道路.geojson》不是有效的 GeoJSON"),
        (_text("道路.gpkg", b"SQLite format 3\0" + b"\0" * 200), "《道路.gpkg》是数据库而不是"),
        (_geojson(lambda frame: frame.to_crs(4547)), "《道路.geojson》写明坐标是经纬度，数值却"),
        (_geojson(lambda frame: frame.to_crs(3857), 坐标系="EPSG:3857"), "Web 墨卡托"),
        (_geojson(lambda frame: frame, 坐标系="本地坐标"), "写明的坐标系“本地坐标”认不出来"),
        (_geojson(_closed), "所有道路都标注为不让行人走"),
        (
            _geojson(lambda frame: frame.set_geometry(frame.translate(1, 0))),
            "所给范围里没有一条路段",
        ),
    ],
)
def test_what_cannot_be_understood_is_said_in_chinese(tmp_path, write, words):
    with pytest.raises(ChunshuiError, match=re.escape(words)) as refused:
        made(write(tmp_path), tmp_path)
    assert "请" in str(refused.value)


@pytest.mark.usefixtures("reading_here")
def test_an_area_that_cannot_be_used_is_said_in_chinese(tmp_path):
    path = street_file(tmp_path, "osm.pbf")
    line = shapely.LineString([(WEST, SOUTH), (WEST + 0.01, SOUTH)])
    with pytest.raises(ChunshuiError, match="没有一个面"):
        made(path, tmp_path, outline=outline(tmp_path, line, "线.geojson"))
    sheet = tmp_path / "社区名录.xlsx"
    sheet.write_bytes(b"PK\x03\x04 no map")
    with pytest.raises(ChunshuiError, match="范围文件《社区名录"):
        made(path, tmp_path, outline=sheet)
    with pytest.raises(ChunshuiError, match="不知道按什么范围裁剪"):
        street_ledgers([(path, path.name)], tmp_path, store=Store(tmp_path / "empty"))
    far = outline(tmp_path, shapely.box(-51.2, -30.1, -51.1, -30.0), "远.geojson")
    with pytest.raises(ChunshuiError, match=r"在所给范围内（经度.*请换成本区的路网"):
        made(path, tmp_path, outline=far)


def test_a_file_that_takes_too_long_is_given_up(tmp_path):
    with pytest.raises(ChunshuiError, match="没能读完（读取超过0秒"):
        made(street_file(tmp_path, "osm.pbf"), tmp_path, seconds=0.01)


def test_the_command_writes_the_ledgers_and_prints_the_report(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path / "data"))
    path, area, to = street_file(tmp_path, "osm.pbf"), outline(tmp_path), tmp_path / "出"
    typed = ["network", str(path), "--outline", str(area), "--margin", "500", "--to", str(to)]
    assert cli.main(typed) == 0
    out = capsys.readouterr().out
    assert "外扩500米" in out and "连成1块" in out
    assert sorted(one.name for one in to.iterdir()) == ["步行节点.csv", "步行路段.csv"]
    assert cli.main(typed) == 1
    assert "已有文件" in capsys.readouterr().err
    assert cli.main(["network", str(tmp_path / "没有.osm.pbf")]) == 1
    assert "找不到文件" in capsys.readouterr().err
    assert cli.main(["network", str(area), "--to", str(tmp_path / "无")]) == 1
    assert "里没有路网" in capsys.readouterr().err
    assert not (tmp_path / "无").exists()
