"""A district of another latitude, zone and code: started from its own maps, published, looked at and printed.

Nothing of the demonstration's district may show: not its name, not its places, not what was published of it.
"""

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from google.protobuf import text_format

from chunshui import cli, pipeline
from chunshui.pipeline import IntakeOptions
from chunshui.snapshots import freeze, map_shapes
from chunshui.snapshots.render import export
from chunshui.snapshots.selection import Choice, Selection
from chunshui.ui.shell import navigation
from chunshui.warehouse import Store
from tests.another import northern
from tests.ui.conftest import open_app as open_app

# Names of the demonstration's district and city, and what its report says in figures.
FOREIGN = re.compile(
    "硚口|武汉|江城|汉江|汉正|古田|荣东|营北|420104|332个|626家|712项|1,?292名|2,?026家|440个|30万方"
    r"|232\.6万|34\.9亿|53万人"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """The data folder of the district, by the commands a user would give."""
    folder = tmp_path_factory.mktemp("northern")
    maps = northern.write_maps(folder / "maps")
    home, ledgers = folder / "data", folder / "data" / "ledgers"
    given = [f"--{name}={path}" for name, path in maps.items()]
    assert cli.main(["init", northern.CODE, *given, f"--to={home}"]) == 0
    northern.fill(home / "模板", ledgers)
    options = IntakeOptions(demonstration=True)
    store = Store(folder / "data" / "versions")
    pipeline.build(ledgers, store=store, note="首版", by="测试", options=options, serve=True)
    return folder / "data"


@pytest.fixture(scope="module")
def reader(data):
    with Store(data / "versions").open() as opened:
        yield opened


def test_its_places_come_from_its_maps_and_nothing_is_wrong_with_it(reader):
    districts = reader.query("snapshots/district")
    assert districts["district_name"].to_list() == [northern.NAME]
    streets, communities = reader.query("views/streets"), reader.query("views/communities")
    assert (
        dict(zip(streets["street_code"], streets["street_name"], strict=True)) == northern.STREETS
    )
    names = zip(communities["community_code"], communities["community_name"], strict=True)
    assert dict(names) == northern.COMMUNITIES
    found = reader.query("views/check_results")
    found = found[found["severity"] != "提示"]
    assert found.empty, found["message"].to_list()
    assert reader.query("views/claims").empty


def test_walks_are_true_metres(reader):
    """Doors on one street from west to east: the walk between them is the geodesic."""
    with reader.cursor() as cursor:
        reach, doors = cursor.table("reach").df(), cursor.table("walk_door").df()
        places = [cursor.table(one).df() for one in ("building", "station")]
        rough = [
            cursor.execute(
                "select rough_metres(?, ?, ?, ?)", [*northern.ORIGIN, *there]
            ).fetchone()[0]
            for there in (northern.at(1500, 0), northern.at(0, 1500), northern.at(-900, 1200))
        ]
    for table, rows in zip(("building", "station"), places, strict=True):
        numbers = doors[doors["entity_table"] == table].rename(columns={"entity_id": f"{table}_id"})
        rows = rows[[f"{table}_id", "lon", "lat"]].merge(numbers, on=f"{table}_id")
        reach = reach.merge(
            rows.rename(columns={"door_no": f"{table}_no"}),
            on=f"{table}_no",
            suffixes=("", f"_{table}"),
        )
    assert rough == pytest.approx(
        [1500] * 3, rel=5e-3
    )  # what the checks of far-off coordinates go by
    straight = reach[(reach["lat"] - reach["lat_station"]).abs() < 1e-5]
    assert len(straight) > 30
    ends = (straight[one] for one in ("lon", "lat", "lon_station", "lat_station"))
    metres = northern.GEOD.inv(*ends)[2]
    assert metres.max() > 1000
    assert straight["metres"].to_numpy() == pytest.approx(metres, rel=5e-4, abs=0.1)


def test_maps_of_papers_stand_upright(reader):
    """A community is a square of 700 m by the ellipsoid: so it is drawn, its sides along the axes."""
    drawn = map_shapes.read_basemap(reader, ())
    for shape in drawn.communities:
        ring = np.array(shape.rings[0]).reshape(-1, 2)
        sides = np.diff(ring, axis=0)
        lengths = np.hypot(*sides.T)
        assert lengths == pytest.approx(northern.SIDE, rel=0.002)
        turned = np.degrees(np.arctan2(sides[:, 1], sides[:, 0])) % 90
        assert np.minimum(turned, 90 - turned).max() < 0.2
    assert {one.code for one in drawn.communities} == set(northern.COMMUNITIES)


@pytest.mark.parametrize("page", navigation.PAGES)
def test_each_page_opens_and_is_of_this_district_alone(open_app, data, page):
    of_one = {"community": "红松二社区"} if page == navigation.SHEET else {}
    app = open_app(data, page, **of_one)
    assert not app.exception and not app.error
    texts = [text_format.MessageToString(one.proto, as_utf8=True) for one in _elements(app)]
    texts += [one.value.to_csv() for one in app.dataframe]
    found = {word for text in texts for word in FOREIGN.findall(text)}
    assert not found, found
    assert any(one.value.startswith(f"{northern.NAME} ｜ 范围") for one in app.caption)


def _elements(app):
    return [one for one in app if getattr(one, "proto", None) is not None]


def test_papers_are_of_this_district_alone(reader):
    choices = (
        Choice("figures", ("grid_leader_rate", "opinion_closing_rate")),
        Choice("map", ("circle_coverage",), level="社区", stations=True),
        Choice("claims"),
        Choice("attention"),
    )
    snapshot = freeze.snapshot_of(reader, Selection("2026-10", choices))
    assert [section.kind for section in snapshot.sections].count("claims") == 0
    assert snapshot.title.startswith(northern.NAME)
    when = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    made = export.documents(snapshot, when, ("pptx", "docx", "xlsx"))
    assert not made.faults and len(made.files) == 3
    for name, content in made.files.items():
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            texts = [package.read(part) for part in package.namelist() if part.endswith(".xml")]
        words = b"".join(texts).decode("utf-8")
        assert northern.STREETS[f"{northern.CODE}001"] in words
        assert not FOREIGN.findall(words + name)
