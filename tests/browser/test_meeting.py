"""会场模式 as a room sees it: large letters, arrow keys, the address, the way out."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import look, settle
from tests.browser.test_pages import asked

ROOM, SMALLEST_PX = (1920, 1080), 24
SECTIONS = ("核心指标", "街道排名 · 民情办结率", "社区地图加阵地 · 每百户阵地面积", "三年走势 · 两新组织党组织覆盖率",
            "关注事项")  # fmt: skip
TILES = ("民情办结率", "每百户阵地面积")
# What is written in the dialog: each with the size of its letters, an enlarged picture's with its scale.
WRITTEN = """one => [...one.querySelectorAll("*")].filter(
    (part) => !["title", "desc"].includes(part.tagName) && [...part.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
  ).map((part) => {
    const picture = part.closest("svg"), box = part.getBoundingClientRect();
    const scale = picture ? picture.getBoundingClientRect().width / picture.viewBox.baseVal.width : 1;
    const inside = box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
    return [part.textContent, parseFloat(getComputedStyle(part).fontSize) * scale, inside];
  })"""


def test_a_meeting_is_run_from_the_keys_in_letters_for_the_back_row(open_page, url):
    query = urlencode({"mode": "meeting", "sections": SECTIONS, "tiles": TILES}, doseq=True)
    page = open_page(f"{url}/snapshots?{query}", *ROOM)
    dialog = page.get_by_role("dialog", name="会场模式")
    expect(dialog.get_by_role("button", name="不点名", pressed=True)).to_be_visible()
    page.keyboard.press("n")  # a ranking names nobody unasked
    expect(dialog.get_by_role("button", name="不点名", pressed=False)).to_be_visible()
    assert asked(page)["names"] == ["on"]
    for place in range(1, len(SECTIONS) + 1):
        stands(page, place)
        written = dialog.evaluate(WRITTEN)
        assert len(written) > 8
        assert not [one for one in written if one[1] < SMALLEST_PX - 0.01 or not one[2]]
        expect(dialog.get_by_text("演示数据（合成，非真实统计）")).to_be_visible()
        page.keyboard.press("ArrowRight")
    stands(page, len(SECTIONS))  # there is no further
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    stands(page, 3)
    page.reload()
    settle(page)
    stands(page, 3)
    assert not accessibility_faults(page)  # white paper in the dark, too
    page.get_by_role("button", name="下一屏").click()
    stands(page, 4)
    page.go_back()
    stands(page, 3)
    page.keyboard.press("End")
    stands(page, len(SECTIONS))
    page.keyboard.press("Home")
    stands(page, 1)
    page.keyboard.press("n")
    expect(dialog.get_by_role("button", name="不点名", pressed=True)).to_be_visible()
    assert asked(page)["names"] == ["off"]
    page.keyboard.press("n")
    expect(dialog.get_by_role("button", name="不点名", pressed=False)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="会议快照", exact=True)).to_be_visible()
    expect(dialog).to_have_count(0)
    settle(page)
    assert asked(page) == {"sections": list(SECTIONS), "tiles": list(TILES)}
    look(page, 1440, 900, dark=True)
    assert not accessibility_faults(page)  # what is chosen stands on the accent
    named = page.evaluate(
        "[...document.querySelectorAll('[aria-label]')].map((one) => one.ariaLabel)"
    )
    assert not [
        name for name in named if re.search(r"[A-Za-z]{3,}", re.sub("CSV|pptx|docx", "", name))
    ]


SEEN_BEFORE = """
  const watch = () => {
    const part = document.querySelector("[data-testid=stMain] :is([data-testid=stDataFrame], .js-plotly-plot, table)");
    window.seen ||= part && getComputedStyle(part).visibility === "visible";
    requestAnimationFrame(watch);
  };
  watch();"""


def test_a_room_sees_nothing_of_a_page_on_the_way_to_its_screen(open_page, url):
    page = open_page(f"{url}/renovation?{urlencode({'mode': 'meeting'})}", *ROOM)
    page.add_init_script(SEEN_BEFORE)
    page.reload()
    dialog = page.get_by_role("dialog", name="会场模式")
    expect(dialog).to_be_visible()
    page.wait_for_function("document.querySelector('[data-testid=stDataFrame], .js-plotly-plot')")
    assert not page.evaluate("window.seen")
    page.keyboard.press("ArrowRight")  # whatever the page's own tabs write into the address
    expect(dialog.get_by_text(re.compile(r"^2 / "))).to_be_visible()
    page.keyboard.press("Escape")  # and all of it without the screen
    page.wait_for_function("window.seen")


def stands(page: Page, place: int) -> None:
    """Say which screen is shown, and that the address says so."""
    dialog = page.get_by_role("dialog", name="会场模式")
    expect(dialog.get_by_text(re.compile(rf"^{place} / {len(SECTIONS)}"))).to_be_visible()
    assert asked(page).get("screen", ["1"]) == [str(place)]
