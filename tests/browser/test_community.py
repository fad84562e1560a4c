"""The sheet of a community in a real browser: read on a phone, a number opens, its rows are below."""

from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import settle
from tests.browser.test_pages import asked


def test_the_sheet_is_read_on_a_phone_and_its_numbers_and_rows_open(open_page, url):
    page = open_page(f"{url}/community?community={quote('荣东社区')}", 390, 844)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    assert page.locator(".js-plotly-plot").count() == 1
    assert not accessibility_faults(page)
    page.get_by_role("link", name="议事事项7行").click()
    settle(page)
    expect(page.get_by_role("tab", name="议事")).to_have_attribute("aria-selected", "true")
    assert asked(page)["sheet_part"] == ["议事"]
    page.get_by_role("link", name="3件").last.click()
    expect(page.get_by_role("dialog", name="议事事项超90天未办成")).to_be_visible()
