"""What the pages of circles and coverage say of ledgers that leave nothing to draw."""

import shutil

import duckdb
import pytest

from chunshui.warehouse import Store
from tests.ui.conftest import open_app, words_on  # noqa: F401  (a fixture)

BEHIND = "420104002008"  # 四新社区
CANTEEN = "ZD030"  # 古五社区党群服务中心
DAMAGE = f"""
    delete from station_function where function = '托育扶幼';
    delete from reach where building_no in (
        select d.door_no from walk_door as d join building as b on b.building_id = d.entity_id
        where d.entity_table = 'building' and b.community_code = '{BEHIND}');
    insert into unroutable
        select 'building', building_id, 900, '离路网过远' from building
        where community_code = '{BEHIND}';
    delete from reach where station_no = (
        select door_no from walk_door where entity_table = 'station' and entity_id = '{CANTEEN}');
    insert into unroutable values ('station', '{CANTEEN}', 9000, '离路网过远');
"""


@pytest.fixture(scope="module")
def damaged(published, tmp_path_factory):
    """A version without a function, with a community and a station that no street reaches."""
    folder = tmp_path_factory.mktemp("damaged")
    shutil.copytree(published / "versions", folder / "versions")
    (file,) = folder.rglob("v*.duckdb")
    with duckdb.connect(str(file)) as con:
        con.execute(DAMAGE)
    return folder


SAID = {
    "a function nobody offers": (
        "circles",
        {"function": "托育扶幼"},
        ["没有一名0–3岁婴幼儿", "没有一处阵地提供“托育扶幼”"],
    ),
    "nobody offers it, where next": (
        "circles",
        {"function": "托育扶幼", "view": "下一处"},
        ["处托育扶幼可使0–3岁婴幼儿"],
    ),
    "nobody offers it, merge": (
        "circles",
        {"function": "托育扶幼", "view": "合并"},
        ["没有一处阵地提供“托育扶幼”"],
    ),
    "a community that no street reaches": (
        "circles",
        {"community": "四新社区"},
        ["栋楼都接不上步行路网，走不到任何阵地", "请核对楼栋坐标"],
    ),
    "a station outside the district": (
        "circles",
        {"station": "古五社区党群服务中心"},
        ["这处阵地离路网过远（9,000米），没有步行圈", "1处阵地接不上步行路网"],
    ),
    "more sites than candidates": (
        "circles",
        {"street": "荣华街道", "level": "街道", "view": "下一处", "k": "20"},
        ["少于所要的20个"],
    ),
    "all shut at the hour": (
        "circles",
        {"function": "幸福食堂", "day": "周日", "hour": "22:30"},
        ["没有一处幸福食堂开着", "开着的最多，有"],
    ),
    "coverage without the function": (
        "coverage",
        {"community": "四新社区"},
        ["漏下了谁", "够不够大"],
    ),
}


@pytest.mark.parametrize(("page", "asked", "said"), SAID.values(), ids=list(SAID))
def test_nothing_to_draw_is_explained(open_app, damaged, monkeypatch, page, asked, said):  # noqa: F811
    monkeypatch.setattr(Store, "_fault", lambda *_: None)  # it would notice the change
    app = open_app(damaged, page, **asked)
    assert not app.exception and not app.error
    words = words_on(app)
    for sentence in said:
        assert sentence in words
