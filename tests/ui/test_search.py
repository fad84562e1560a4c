"""What the search finds leads to its page with the filters set, or opens the number."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chunshui.catalogue.search import KINDS
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.widgets import search
from tests.ui.conftest import words_on

LEADS = {
    "数据质量": ("quality", {}, "范围 **汉正街道**"),
    "两新覆盖率": ("dictionary", {"open": "两新组织党组织覆盖率"}, "范围 **汉正街道**"),
    "长丰街道": ("dictionary", {"street": "长丰街道"}, "范围 **长丰街道**"),
    "ywsq": ("dictionary", {"community": "药王社区"}, "范围 **汉正街道药王社区**"),
    "药王社区党群服务中心": ("circles", {"street": "汉正街道"}, "药王社区党群服务中心"),
    "药王坊老旧小区改造": (
        "renovation",
        {"open": "时间线", "community": "药王社区"},
        "汉正街道药王社区",
    ),
    "药王 基金项目": ("fund", {"fund_part": "项目与交付", "community": "药王社区"}, "药王"),
}


@pytest.fixture
def find(published, monkeypatch):
    """Return a function that gives the address of the first thing found, on a page with a street."""
    monkeypatch.setenv("CHUNSHUI_DATA", str(published))
    monkeypatch.setattr(search.st, "session_state", {"page": "dictionary"})
    edition = data.serving().edition
    scope = Scope(edition, "2026-03", query=(("street", "汉正街道"), ("month", "2026-03")))

    def address(typed: str, page: str = "dictionary") -> str:
        search.st.session_state["page"] = page
        name, *kinds = typed.split()
        found = search.index(edition).find(name)
        return search.address(next(one for one in found if one.kind in (kinds or KINDS)), scope)

    return address


@pytest.mark.parametrize("typed", LEADS)
def test_each_kind_leads_to_its_page(open_app, published, find, monkeypatch, typed):
    page, wanted, said = LEADS[typed]
    address = urlsplit(find(typed))
    asked = {key: one for key, (one,) in parse_qs(address.query).items()}
    assert (address.path, asked["month"]) == (page, "2026-03")
    assert wanted.items() <= asked.items()
    monkeypatch.undo()
    app = open_app(published, page, **asked)
    assert not app.exception and not app.error
    assert "链接里的" not in words_on(app)
    assert said in words_on(app) or any(said in str(one.value) for one in app.selectbox)
    assert len(app.get("dialog")) == int("open" in wanted)


def test_a_place_is_looked_at_here_or_else_on_the_first_page(find):
    assert urlsplit(find("长丰街道", "fund")).path == "fund"
    assert urlsplit(find("长丰街道", "")).path == "."
    assert urlsplit(find("长丰街道", "intake")).path == "."
