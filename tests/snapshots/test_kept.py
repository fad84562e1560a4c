"""What users keep: views under a name and the material being chosen, in one file."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui.errors import ChunshuiError
from chunshui.snapshots import kept
from chunshui.snapshots.kept import Draft


def test_views_are_kept_renamed_and_forgotten_and_the_draft_beside_them(tmp_path):
    first = kept.keep("周一例会", "snapshots", "month=2026-09", tmp_path)
    kept.keep(" <b>古田</b>\n街道 ", "fund", "street=古田街道", tmp_path)
    draft = Draft(("关注事项",), ("fund_spent",), (("关注事项", "标题", "说明"),))
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
