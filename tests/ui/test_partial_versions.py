"""Every page of a version that holds a few of the ledgers: what is lacking is said, nothing breaks."""

import json
from pathlib import Path

import pytest

from chunshui import pipeline
from chunshui.pipeline.options import IntakeOptions
from chunshui.ui import data
from chunshui.ui.shell import navigation
from chunshui.warehouse import Store

PLACES = ("行政区界.geojson", "街道名录.geojson", "社区名录.geojson")
NEW = "长宜社区"
GIVEN = {
    "places": (),
    "doors and opinions": (
        *("空间台账.xlsx", "组织台账.xlsx", "楼栋台账.csv", "阵地台账.xlsx", "民情台账.xlsx"),
    ),
}


@pytest.fixture(scope="module", params=GIVEN)
def partial(request, published, tmp_path_factory) -> Path:
    """A data folder whose version holds the places and the ledgers of one subject."""
    data = tmp_path_factory.mktemp("partial")
    (data / "ledgers").mkdir()
    for name in (*PLACES, *GIVEN[request.param]):
        (data / "ledgers" / name).symlink_to(published / "ledgers" / name)
    register = data / "ledgers" / PLACES[-1]
    places = json.loads(register.read_text("utf-8"))
    new = next(one["properties"] for one in places["features"] if NEW in one["properties"].values())
    new["启用日期"] = "2026-09-10"
    register.unlink()
    register.write_text(json.dumps(places), "utf-8")
    pipeline.build(
        data / "ledgers",
        store=Store(data / "versions"),
        options=IntakeOptions(month="2026-10"),
        note="部分台账",
        by="测试",
        serve=True,
    )
    return data


@pytest.mark.parametrize("page", navigation.PAGES)
def test_every_page_draws(open_app, partial, page):
    app = open_app(partial, page)
    assert not app.exception
    assert not [one.value for one in app.error if "没有画完" in one.value]
    lacking = [one.value for one in app.info if "本页无从计算" in one.value]
    rows = data.manifest(data.serving().edition).rows
    about = navigation.PAGES[page].about
    assert len(lacking) == (about != () and not any(rows.get(one) for one in about))


@pytest.mark.parametrize("page", ["overview", "grids", "community"])
def test_a_place_without_history_is_told(open_app, partial, page):
    several = (partial / "ledgers" / "民情台账.xlsx").exists()  # months
    for place, month, said in (
        (NEW, "2026-10", "2026-09-10设立。此前的月份没有它的数，没有可比的" * several),
        (NEW, "2026-08", "2026-09-10设立。2026年8月还没有它" * several),
        ("荣东社区", "2026-08", ""),
    ):
        app = open_app(partial, page, community=place, month=month)
        assert not app.exception
        told = [one.value for one in app.info if "设立" in one.value]
        assert bool(told) == bool(said) and said in "".join(told)
