"""十分钟圈 and 覆盖率 in a real browser: the map paints, clicks open, the truths are there."""

import re
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

CANTEEN = f"function={quote('幸福食堂')}"
# Of the points drawn first, the one farthest from all others: the map takes a click for the
# nearest point.
LONELY = """(points) => {
  const at = points.map((point) => point.getBoundingClientRect())
    .map((box) => [box.x + box.width / 2, box.y + box.height / 2]);
  const first = points.filter((point) => point.parentNode === points[0].parentNode).length;
  const room = (k) => Math.min(...at.map(([x, y], j) =>
    j === k ? Infinity : Math.hypot(x - at[k][0], y - at[k][1])));
  const seen = at.slice(0, first).map((_, k) => k)
    .filter((k) => at[k][1] > 0 && at[k][1] < innerHeight);
  return at[seen.reduce((best, k) => room(k) > room(best) ? k : best)];
}"""


def click_on_map(page: Page) -> None:
    """Click a point of the map that no other is near."""
    points = page.locator(".scattergeo path.point")
    expect(points.first).to_be_attached(timeout=20_000)
    points.first.scroll_into_view_if_needed()
    settle(page)
    x, y = points.evaluate_all(LONELY)
    page.mouse.click(x, y)


def wide(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return page.evaluate("document.scrollingElement.scrollWidth - innerWidth")


def english(page: Page) -> set[str]:
    """Return the English words on the page, less the link for readers of screens and file endings."""
    said = page.evaluate(
        """() => {
          const walk = document.createTreeWalker(
            document.querySelector('[data-testid=stApp]'), NodeFilter.SHOW_TEXT);
          const said = [];
          while (walk.nextNode()) {
            const home = walk.currentNode.parentElement;
            const icon = getComputedStyle(home).fontFamily.includes('Material');
            if (!icon && !home.closest('style, script, a[href="#stMain"]'))
              said.push(walk.currentNode.data);
          }
          return said.join(' ');
        }"""
    )
    return set(re.findall(r"(?<![.A-Za-z])[A-Za-z]{3,}", said)) - {"GCJ", "WGS"}


def test_the_map_paints_and_a_station_opens(open_page, url):
    page = open_page(f"{url}/circles?{CANTEEN}")
    faults = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    expect(page.locator(".choroplethlocation")).to_have_count(130)  # land, 3 bands, 126 places
    expect(page.get_by_text("步行到最近的幸福食堂")).to_be_visible()
    scale = "document.querySelector('.js-plotly-plot')._fullLayout.geo.projection.scale"
    page.get_by_role("button", name="放大").click()
    assert page.evaluate(scale) == 2
    page.get_by_role("button", name="复位").click()
    assert page.evaluate(scale) == 1
    expect(page.get_by_text(re.compile("仁寿佳苑党群驿站.*GCJ-02")).first).to_be_visible()
    expect(page.get_by_text(re.compile("园林职工宿舍.*接不上步行路网|接不上步行路网.*园林职工宿舍")).first).to_be_visible()  # fmt: skip
    click_on_map(page)
    expect(page.get_by_text("圈内居民")).to_be_visible()
    expect(page.get_by_text("所选阵地的步行圈")).to_be_visible()
    expect(page.get_by_text(re.compile(r"幸福食堂：每日 .* 人次")).first).to_be_visible()
    settle(page)
    assert "station=" in page.url
    assert not english(page)
    assert not faults
    page.goto(f"{url}/circles")
    settle(page)
    seen = """[...document.querySelectorAll(".scattergeo path.point")].filter((one) => one.getBoundingClientRect().width).length"""
    counts = [page.evaluate(seen)]
    for _ in range(2):  # counts break up, at last into the stations
        page.get_by_role("button", name="放大").click()
        page.wait_for_function(f"{seen} > {counts[-1]}")
        counts.append(page.evaluate(seen))
    assert counts[0] < 40 < counts[1] < 446 <= counts[2]


def test_behind_the_railway_and_the_list_to_print(open_page, url):
    community = f"community={quote('四新社区')}"
    page = open_page(f"{url}/circles?{CANTEEN}&within={quote('15分钟')}&{community}")
    expect(page.get_by_text(re.compile("直线最近的是古五社区党群服务中心"))).to_be_visible()
    expect(page.get_by_text("更远的楼")).to_be_visible()
    page.get_by_role("button", name=re.compile("逐栋看走不到的")).click()
    grid = page.get_by_role("dialog").get_by_test_id("stDataFrame")
    expect(grid.locator("canvas").first).to_be_visible()
    grid.click(position={"x": 120, "y": 50})  # anywhere on the first row
    expect(page).to_have_url(re.compile("building="))
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(f"{url}/circles?community={quote('古五社区')}")
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="打印短清单").click()
    sheet = Path(download.value.path()).read_text("utf-8")
    assert "<th>步行</th>" in sheet and "米／" in sheet and "演示数据" in sheet


def test_a_place_added_changes_the_figure(open_page, url):
    page = open_page(f"{url}/circles?{CANTEEN}&view={quote('假如')}")
    expect(page.get_by_text("方案还是空的")).to_be_visible()
    more = page.get_by_test_id("stMetric").filter(has_text="多覆盖")
    expect(more).to_contain_text("—")
    click_on_map(page)
    expect(page.get_by_text(re.compile("^新增："))).to_be_visible()
    settle(page)
    expect(more).to_contain_text(re.compile(r"[+]\d"))
    expect(page.get_by_text("方案对照")).to_be_visible()


def test_coverage_names_the_norm_and_who_is_left_out(open_page, url):
    page = open_page(f"{url}/coverage?street={quote('易家街道')}")
    expect(
        page.get_by_text(re.compile(r"周三19点，\d\.\d%的居民可步行到达开放的阵地"))
    ).to_be_visible()
    expect(page.get_by_text("标准30平方米", exact=True)).to_be_visible()
    page.get_by_text("逐栋名单").click()
    expect(page.get_by_text(re.compile("^共.*条.*多的在前"))).to_be_visible(timeout=20_000)
    opened = page.get_by_test_id("stExpander").filter(has_text="逐栋名单")
    expect(opened.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.get_by_role("button", name="下载漏下名单")).to_be_visible()
    assert not english(page)


def test_on_a_phone_both_pages_fit_and_the_map_can_be_used(open_page, url):
    page = open_page(f"{url}/coverage", 390, 844, dark=True)
    assert wide(page) <= 0
    page.goto(f"{url}/circles?{CANTEEN}")
    settle(page)
    assert wide(page) <= 0
    click_on_map(page)
    expect(page.get_by_text("圈内居民")).to_be_attached(timeout=20_000)
    settle(page)  # a chosen station has the map drawn anew
    drawn = page.locator(".geolayer").first
    expect(drawn).to_be_visible()
    assert drawn.bounding_box()["width"] > 300
