"""The sheet of a community in a real browser: read on a phone, a number opens, its rows are below."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import settle
from tests.browser.test_pages import SCREEN, asked


@pytest.mark.parametrize("home", ["荣东社区", "万安社区", "长宜社区"])
def test_the_sheet_is_one_sheet_of_paper_with_its_map_and_letters_to_be_read(open_page, url, home):
    """荣东 has little to attend to, 万安 the most; 长宜 has the fewest words."""
    page = open_page(f"{url}/community?community={quote(home)}", *SCREEN)
    paper = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"]
    wide = page.evaluate("document.documentElement.style.getPropertyValue('--wide')")
    letters = ".linked .facts td"
    size_px = page.locator(letters).first.evaluate(
        "one => parseFloat(getComputedStyle(one).fontSize)"
    )
    assert size_px * 718 / float(wide) * 0.75 > 7.5  # points
    expect(page.get_by_role("img", name="步行十分钟")).to_be_visible()


def test_the_sheet_is_read_on_a_phone_and_its_numbers_and_rows_open(open_page, url):
    page = open_page(f"{url}/community?community={quote('荣东社区')}", 390, 844)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    expect(page.get_by_role("img", name="步行十分钟")).to_be_visible()
    assert not accessibility_faults(page)
    page.get_by_role("link", name="7件议事事项").click()
    settle(page)
    expect(page.get_by_role("tab", name="议事")).to_have_attribute("aria-selected", "true")
    assert asked(page)["sheet_part"] == ["议事"]
    page.get_by_role("link", name="3件").last.click()
    expect(page.get_by_role("dialog", name="议事事项超90天未办成")).to_be_visible()
