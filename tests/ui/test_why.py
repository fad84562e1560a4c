"""The tabs 为什么变 and 差多少达标 of an opened number: asked only when opened, true to the scope."""

import pytest

from chunshui.catalogue.metric import all_metrics, get_metric
from tests.ui.conftest import texts_of_numbers, words_on

TABS = "tabs_dictionary"


def opened(open_app, published, tab: str, **params):
    """Return the dictionary with a tab of the opened number open."""
    app = open_app(published, "dictionary", **params)
    app.session_state[TABS] = tab
    return app.run()


def test_nothing_is_asked_before_the_tab_is_opened(open_app, published):
    app = open_app(published, "dictionary", metric="“一长六员”配齐率")
    assert "拉低最多的是" not in words_on(app)


def test_the_change_is_said_and_its_parts_are_listed(open_app, published):
    app = opened(open_app, published, "为什么变", metric="“一长六员”配齐率")
    assert not app.exception
    assert "由上月的74.0%降到69.0%，下降5.0个百分点：72个网格新缺岗位" in words_on(app)
    places = next(one.value for one in app.dataframe if "贡献（百分点）" in one.value)
    assert places["贡献（百分点）"].iloc[-1] == pytest.approx(-5.01)
    assert places["街道"].iloc[-1] == "合计"
    moved = next(one.value for one in app.dataframe if "变动" in one.value)
    assert len(moved) == 109 and "行号" in moved
    app.button_group(key="against_dictionary_grid_roles_filled").set_value("较上年同期").run()
    assert not app.exception and "由上年同期的" in words_on(app)
    app.button_group(key="level_dictionary_grid_roles_filled").set_value("按社区").run()
    assert any("社区" in one.value and "贡献（百分点）" in one.value for one in app.dataframe)


def test_what_is_still_to_the_target(open_app, published):
    app = opened(open_app, published, "差多少达标", metric="“一长六员”配齐率")
    assert not app.exception
    assert "还须有148个网格补齐岗位才能达标" in words_on(app)
    assert any("补上即达标" in one.value for one in app.dataframe)


@pytest.mark.parametrize(
    "params",
    [
        {"month": "2026-01"},
        {"month": "2023-11"},
        {"street": "汉正街道"},
        {"street": ["古田街道", "宗关街道"]},
        {"community": "荣东社区"},
    ],
    ids=str,
)
def test_both_tabs_of_kinds_of_metrics_under_kinds_of_filters(open_app, published, params):
    app = open_app(published, "dictionary", **params)
    kinds = {}
    for one in all_metrics().values():
        kinds.setdefault((one.kind, one.window, one.level, one.target is None, one.final), one.id)
    for metric_id in kinds.values():
        app.selectbox(key="metric").set_value(metric_id)
        for tab in ("为什么变", "差多少达标"):
            app.session_state[TABS] = tab
            app.run()
            assert not app.exception, metric_id
            assert not app.error, metric_id
            assert not texts_of_numbers(app), metric_id
            assert get_metric(metric_id).name in words_on(app)
