"""What users keep: views under a name and the material being chosen, in one file."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.errors import ChunshuiError
from chunshui.snapshots import kept
from chunshui.snapshots.kept import Draft
from chunshui.snapshots.model import Band, Map, Taken, as_plain, snapshot_from_plain
from chunshui.snapshots.render.pictures import pictures
from chunshui.snapshots.render.screens.unnamed import unnamed
from tests.snapshots.district import make


def test_views_are_kept_renamed_and_forgotten_and_the_draft_beside_them(tmp_path):
    first = kept.keep("周一例会", "snapshots", "month=2026-09", tmp_path)
    kept.keep(" <b>古田</b>\n街道 ", "fund", "street=古田街道", tmp_path)
    draft = Draft(
        ("关注事项",),
        ("fund_spent",),
        (("关注事项", "标题", "说明"),),
        "周通报",
        meeting_date="2026-11-30",
    )
    kept.keep_draft(draft, tmp_path)
    found = kept.read(tmp_path)
    assert [one.name for one in found.views] == ["周一例会", "<b>古田</b> 街道"]
    assert found.draft == draft and not found.fault
    kept.rename(first.id, "周二例会", tmp_path)
    kept.rename(first.id, "周二例会", tmp_path)
    assert kept.read(tmp_path).views[0] == kept.View(
        first.id, "周二例会", "snapshots", "month=2026-09"
    )
    for taken in ("周二例会", " ", ""):
        with pytest.raises(ChunshuiError):
            kept.keep(taken, "fund", "", tmp_path)
    kept.delete(first.id, tmp_path)
    assert [one.page for one in kept.read(tmp_path).views] == ["fund"]
    assert kept.read(tmp_path).draft == draft


WELL = b'{"views": [], "draft": {"sections": [], "tiles": [], "wording": []}}'
ALMOST = st.integers(0, len(WELL)).flatmap(
    lambda cut: st.binary(max_size=4).map(lambda bytes_: WELL[:cut] + bytes_ + WELL[cut + 2 :])
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=40), ALMOST, st.sampled_from([
    b'{"views": [{"id": 1, "name": "a", "page": "b", "query": "c"}], "draft": {"sections": [], "tiles": [], "wording": []}}',
    b'{"views": null, "draft": {}}', b"[]", b"3", b'"x"', b'{"views": ["x"], "draft": 1}',
])))  # fmt: skip
def test_a_damaged_file_is_said_so_put_aside_and_never_lost(tmp_path_factory, content):
    root = tmp_path_factory.mktemp("kept")
    (root / "kept.json").write_bytes(content)
    fault = kept.read(root).fault
    kept.keep("新的", "fund", "", root)
    assert [one.name for one in kept.read(root).views][-1] == "新的"
    aside = root / "kept-damaged.json"
    assert bool(fault) == aside.exists()
    if fault:
        assert aside.name in fault and aside.read_bytes() == content


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path):
    for content in ("半个", "又半个"):
        (tmp_path / "kept.json").write_text(content, "utf-8")
        kept.keep_draft(Draft(("关注事项",)), tmp_path)
    aside = sorted(path.read_text("utf-8") for path in tmp_path.glob("kept-damaged*.json"))
    assert aside == ["半个", "又半个"]
    assert json.loads((tmp_path / "kept.json").read_text("utf-8"))["draft"]["sections"]


def test_a_map_of_a_page_is_kept_whole_and_drawn_on_its_own_ground(tmp_path):
    snapshot = make()
    near, ground = snapshot.basemap.streets[0], replace(snapshot.basemap, note="只画这一处")
    section = next(one for one in snapshot.sections if isinstance(one, Map))
    own = replace(
        section,
        heading="地图 · 步行到最近的阵地 · 全区",
        bands=(Band("5分钟内", 4, near.rings),),
        ground=ground,
    )
    taken = Taken(own, "v000001")
    kept.take(taken, tmp_path)
    assert kept.read(tmp_path).taken == (taken,)
    whole = replace(snapshot, sections=(own,))
    assert snapshot_from_plain(as_plain(whole)) == whole
    svg = pictures.svg_bytes(whole, own, dt.datetime(2026, 11, 29)).decode()
    assert "5分钟内" in svg and ">步行到最近的阵地<" in svg and "只画这一处" in svg
    hidden = unnamed(whole).sections[0]
    assert hidden.bands == own.bands and not hidden.ground.streets
