"""The pages of renewal in a real browser: a click opens what it shows."""

from tests.browser.conftest import click_on, settle


def test_the_worst_are_on_the_first_screen_and_a_bar_opens_what_it_shows(url, open_page):
    page = open_page(f"{url}/renovation")
    named = page.locator(".js-plotly-plot").first.locator(".ytick text")
    assert named.count() >= 3
    for k in range(3):
        box = named.nth(k).bounding_box()
        assert box["y"] + box["height"] < 900
    said = opened(page, ".st-key-stuck .point path", 0)
    assert "天顺园北住宅" in said
    assert "已停留473天" in said
    said = opened(page, ".st-key-curve .point path", 30)
    assert "计划或实际完工的项目" in said
    assert "计划完工" in said and "实际完工" in said


def opened(page, bars: str, nth: int) -> str:
    """Click one bar of a chart; return what the dialog says that it opened, and close it."""
    click_on(page.locator(bars).nth(nth))
    settle(page)
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    said = dialog.inner_text()
    page.keyboard.press("Escape")
    settle(page)
    assert dialog.count() == 0
    return said
