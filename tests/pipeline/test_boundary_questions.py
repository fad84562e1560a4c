"""Boundaries that overlap by much, or leave a hole, are confirmed by a person before they are served."""

import pytest
import shapely

from chunshui import pipeline
from chunshui.errors import LedgersRefusedError
from chunshui.pipeline import IntakeOptions
from chunshui.warehouse import Store
from tests.warehouse import small

pytestmark = pytest.mark.usefixtures("reading_here", "few_metrics")


def communities(folder, *edges):
    """The register of communities alone, three side by side from west to east with those edges."""
    rows = small.frames()["community"].drop(columns=["source_id", "source_row"])
    boxes = [shapely.box(west, 30.57, east, 30.58) for west, east in edges]
    small.ledgers(folder, community=rows.assign(shape=shapely.to_wkb(boxes)))
    return [(folder / "社区名录.geojson", "社区名录.geojson")]


def test_what_is_of_size_is_asked_once_and_slivers_never(tmp_path):
    store = Store(tmp_path / "versions")
    put = {"store": store, "note": "试", "by": "管理员", "serve": True}
    hole = communities(tmp_path / "a", (114.20, 114.21002), (114.21, 114.22), (114.221, 114.23))
    with pytest.raises(
        LedgersRefusedError, match=r"有1处需要确认，未发布.*\n.*街道的边界缺口确实如此吗"
    ):
        pipeline.build(tmp_path / "a", **put)
    assert not store.history()
    pipeline.build(tmp_path / "a", **put, options=IntakeOptions(confirmed=True))
    report = pipeline.examine(hole, store=store)
    assert report.questions == [], "confirmed once"
    assert "边界细缝" in set(report.findings["check_id"])

    wrong = communities(tmp_path / "b", (114.20, 114.213), (114.21, 114.22), (114.221, 114.23))
    report = pipeline.examine(wrong, store=store)
    (asked,) = report.questions
    assert report.ok and asked.file == "社区名录.geojson"
    assert asked.what.startswith("社区的边界重叠确实如此吗：一社区与二社区的边界重叠319,")
    station = [(tmp_path / "b" / "台账.xlsx", "台账.xlsx")]
    assert pipeline.examine(station, store=store).questions == []
