"""Maps that a district cannot be started from: each fault says where, what and how to mend it."""

import json
from collections.abc import Callable

import pytest
import shapely

from chunshui import cli
from chunshui.errors import ChunshuiError
from chunshui.pipeline.district import read_district
from tests.another import northern
from tests.another.northern import CODE, SIDE, square

WHOLE = square(0, 0, 4 * SIDE, 2 * SIDE)
EAST = square(2 * SIDE, 0, 2 * SIDE, 2 * SIDE)


def feature(shape: shapely.Geometry | None, **properties: object) -> dict:
    geometry = None if shape is None else shapely.geometry.mapping(shape)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def maps() -> dict[str, dict]:
    """The three maps of the district as they should be."""
    streets = [
        feature(square(2 * SIDE * n, 0, 2 * SIDE, 2 * SIDE), 街道代码=code, 街道名称=name)
        for n, (code, name) in enumerate(northern.STREETS.items())
    ]
    communities = [
        feature(square(*northern.corner(code), SIDE, SIDE), 社区代码=code, 社区简称=name)
        for code, name in northern.COMMUNITIES.items()
    ]
    whole = [feature(WHOLE, 行政区代码=CODE, 行政区=northern.NAME)]
    features = {"outline": whole, "streets": streets, "communities": communities}
    return {
        name: {"type": "FeatureCollection", "features": some} for name, some in features.items()
    }


def read(folder, given: dict[str, dict | bytes | None], code: str = CODE, **named):
    paths = {}
    for name, document in given.items():
        if document is None:
            continue
        paths[name] = folder / f"{name}.geojson"
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        paths[name].write_bytes(content)
    since = northern.SINCE
    return read_district(code, **paths, since=since, **named)


def put(name: str, at: int, **properties: object) -> Callable[[dict], None]:
    """Change properties of a feature, by their place in the list."""
    return lambda given: given[name]["features"][at]["properties"].update(properties)


def reshape(name: str, at: int, shape: shapely.Geometry | None) -> Callable[[dict], None]:
    return lambda given: given[name]["features"][at].update(feature(shape) | {
        "properties": given[name]["features"][at]["properties"]
    })  # fmt: skip


def crs(name: str, system: str) -> Callable[[dict], None]:
    return lambda given: given[name].update(坐标系=system)


BOW = shapely.Polygon([northern.at(*one) for one in ((0, 0), (1400, 1400), (1400, 0), (0, 1400))])
FAULTS = {
    "empty": (lambda g: g["streets"]["features"].clear(), "《streets.geojson》是空的"),
    "no map": (lambda g: g.update(streets=b"x,y"), "《streets.geojson》不是有效的 GeoJSON"),
    "metres as degrees": (
        reshape("outline", 0, shapely.box(5e5, 5e6, 5.03e5, 5.03e6)),
        "《outline.geojson》写明坐标是经纬度，数值却超出度数范围。请核对坐标系",
    ),
    "turned": (
        lambda g: [reshape("streets", n, shapely.box(45.8, 129.0, 45.9, 129.1))(g) for n in (0, 1)],
        "《streets.geojson》的经度、纬度填反了。请对调后重新导出",
    ),
    "unknown system": (crs("streets", "地方坐标系"), "写明的坐标系“地方坐标系”认不出来"),
    "Web Mercator": (crs("outline", "EPSG:3857"), "《outline.geojson》"),
    "other district": (
        put("outline", 0, 行政区代码="230199"),
        "《outline.geojson》里没有代码为230198的区，只有230199。请核对区代码",
    ),
    "no name": (
        lambda g: g["outline"]["features"][0].update(properties={"行政区代码": CODE}),
        "没有写区的名称。请在属性里加“名称”一列，或用 --name 写明",
    ),
    "a line": (
        reshape("outline", 0, shapely.LineString([northern.at(0, 0), northern.at(900, 900)])),
        "《outline.geojson》里没有一个面",
    ),
    "foreign code": (
        put("streets", 1, 街道代码="230197002"),
        "《streets.geojson》第2个要素（红松街道）的代码230197002不是230198的街道。请删去它",
    ),
    "short code": (put("streets", 0, 街道代码="23019801"), "“23019801”是8位。街道代码应是9位"),
    "no code": (put("streets", 0, 街道代码=None), "第1个要素（白桦街道）没有代码。请补上9位街道代码"),
    "nameless": (put("streets", 1, 街道名称=" "), "《streets.geojson》第2个要素没有名称。请补上街道名称"),
    "code twice": (
        put("streets", 1, 街道代码=f"{CODE}001"),
        "第2个要素（红松街道）与第1个要素的代码都是“230198001”。请合并或改正其中一个",
    ),
    "name twice": (put("streets", 1, 街道名称="白桦街道"), "与第1个要素的名称都是“白桦街道”"),
    "no column": (
        lambda g: [one.update(properties={"甲": 1}) for one in g["streets"]["features"]],
        "看不出哪一列是街道的代码（“甲”）。请把那一列的列名改成“街道代码”",
    ),
    "outside": (
        reshape("streets", 1, square(9000, 0, SIDE, SIDE)),
        "第2个要素（红松街道）有100%在松北样区（虚构）的范围之外。请核对是不是本区的，坐标系是否写对",
    ),
    "a point": (reshape("streets", 0, shapely.Point(northern.ORIGIN)), "（白桦街道）不是面"),
    "no shape": (reshape("streets", 0, None), "（白桦街道）不是面"),
    "bow tie": (reshape("streets", 0, BOW), "（白桦街道）的图形自相交或环未闭合。请在制图软件里修复"),
    "community of no street": (
        put("communities", 3, 社区代码=f"{CODE}009004"),
        "《communities.geojson》第4个要素（白桦四社区）的代码230198009004前九位不是任何街道的代码",
    ),
    "community elsewhere": (
        reshape("communities", 0, square(2100, 0, SIDE, SIDE)),
        "第1个要素（白桦一社区）有100%在所属街道的范围之外",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_said_with_its_place_and_the_way_out(tmp_path, fault):
    spoil, said = FAULTS[fault]
    given = maps()
    spoil(given)
    with pytest.raises(ChunshuiError) as refused:
        read(tmp_path, given)
    assert said in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_all_faults_are_told_at_once(tmp_path):
    given = maps()
    for spoil in (put("streets", 0, 街道代码="1"), put("streets", 1, 街道名称=None)):
        spoil(given)
    with pytest.raises(ChunshuiError, match=r"松北样区（虚构）（230198）的图有2处要改"):
        read(tmp_path, given)


@pytest.mark.parametrize("code", ["23019", "230100", "23019a", ""])
def test_a_code_that_is_no_district_s(tmp_path, code):
    with pytest.raises(ChunshuiError, match="不是区的代码。请写六位区划代码"):
        read(tmp_path, maps(), code)


def test_what_is_only_doubtful_is_noted(tmp_path):
    given = maps()
    reshape("streets", 1, square(2 * SIDE - 100, 0, 2 * SIDE, 2 * SIDE))(
        given
    )  # 100 m over the other
    given["communities"] = None
    (overlap, gap) = read(tmp_path, given, name="北江区").notes
    assert overlap == "白桦街道与红松街道的边界重叠（占小的一个的7%）。请核对。"
    assert gap.startswith("各街道合起来只盖住全区的96%")


def test_the_command_overwrites_nothing_and_names_what_is_missing(tmp_path, capsys):
    (tmp_path / "ledgers").mkdir()
    (tmp_path / "ledgers" / "旧.xlsx").write_bytes(b"x")
    asked = ["init", CODE, "--outline=没有.geojson", "--streets=没有.txt"]
    assert cli.main([*asked, f"--to={tmp_path}"]) == 1
    assert "里已有文件，为免覆盖，没有写入" in capsys.readouterr().err
    assert cli.main([*asked, f"--to={tmp_path / 'new'}"]) == 1
    assert capsys.readouterr().err == "找不到文件 没有.geojson。请检查路径。\n"
    assert cli.main([*asked, f"--to={tmp_path / 'new'}", "--since=去年"]) == 1
    assert "“去年”不是日期。请写成 2020-01-01 的样子" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
