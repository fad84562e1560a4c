"""What only a real browser can tell of the pages."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from chunshui.ui import assets
from chunshui.ui.shell import navigation
from chunshui.warehouse import Store
from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import BOX, OWN, click_on, look, settle
from tests.browser.server import serve
from tests.ui.test_states import second_version

PATHS = {
    "" if page == navigation.FIRST else page: one.title for page, one in navigation.PAGES.items()
}
SCREEN, PHONE = (1440, 900), (390, 844)
WITHOUT_PICTURES = {
    "attention",
    "week",
    "community",
    "snapshots",
    "quality",
    "versions",
    "intake",
    "manual",
}
STREET = quote("汉正街道")


def asked(page: Page) -> dict[str, list[str]]:
    """Return the query parameters in the address bar."""
    return parse_qs(urlsplit(page.url).query)


@pytest.fixture(scope="module")
def walk(desk, url) -> Iterator[Page]:
    """A page that is led from one page of the app to the next by the navigation, and asks nobody else."""
    page, outside = desk.new_page(), []
    page.on("request", lambda request: outside.append(request.url))
    page.goto(url)
    look(page, *SCREEN, dark=False)
    yield page
    assert not [one for one in outside if not one.startswith((url, *OWN))]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_draws_large_and_small_dark_and_light(walk, path):
    """On a screen in the colours the last page was seen in, then on a phone in the other ones.

    Colours change nothing of the widths, nor widths of the colours.
    """
    first = walk.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    walk.set_viewport_size({"width": SCREEN[0], "height": SCREEN[1]})
    walk.get_by_test_id("stSidebarNavLink").filter(has_text=PATHS[path]).click()
    look(walk, *SCREEN, first)
    is_drawn(walk, path, first)
    assert not accessibility_faults(walk)
    assert not left_on_paper(walk)
    look(walk, *PHONE, not first)
    is_drawn(walk, path, not first)
    assert not accessibility_faults(walk, only_colours=True)


def left_on_paper(page: Page) -> list[str]:
    """Return what a print of a page would still have of what is only to click, cuts or the dark."""
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    found = page.evaluate("""() => {
      const shown = (one) => one.checkVisibility({visibilityProperty: true});
      const clicks = [...document.querySelectorAll("[data-testid=stSidebar], [data-testid=stMain] button")]
        .filter((one) => shown(one) && !one.matches("[role=tab], [role=radio], [aria-checked=true], [class*=st-key-figure_] *"));
      const whole = document.querySelector("[data-testid=stMain]");
      const stamp = [...document.querySelectorAll("[data-testid=stCaptionContainer]")]
        .some((one) => one.textContent.includes("数据版本") && shown(one));
      const untold = (one, cut, words) => cut && !getComputedStyle(one, "::after").content.includes(words);
      const cut = [...document.querySelectorAll("[data-testid=stDataFrame]")].filter((one) => {
        const rows = one.querySelector("canvas table")?.getAttribute("aria-rowcount"), wide = one.querySelector(".dvn-scroller");
        return shown(one) && wide && (untold(one, rows * 33 > one.clientHeight + 33, "印出前")
          || untold(one, wide.scrollWidth > wide.clientWidth + 2, "没有印出")); });
      return [...clicks.map((one) => one.outerHTML.slice(0, 200)), ...(stamp ? [] : ["no stamp"]),
        ...cut.map(() => "a table cut without a word"),
        ...(getComputedStyle(whole).overflowY === "visible" ? [] : ["cut"]),
        ...(getComputedStyle(whole).backgroundColor === "rgb(255, 255, 255)" ? [] : ["not white"])];
    }""")
    page.emulate_media(media="screen")
    return found


def is_drawn(page: Page, path: str, dark: bool) -> None:
    """Say that a page is whole, Chinese, no wider than its window and as dark as asked for."""
    expect(page.get_by_role("heading", name=PATHS[path], exact=True)).to_be_visible()
    expect(page.get_by_text("演示数据（合成，非真实统计）").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("本页没有画完")).to_have_count(0)
    if path not in WITHOUT_PICTURES:
        assert page.locator(".js-plotly-plot").count() >= 1
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    scheme = "getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme"
    assert page.evaluate(scheme) == ("dark" if dark else "light")
    if path == "":
        expect(page.locator(".choroplethlayer path")).to_have_count(126)


def test_filters_survive_a_reload_and_a_page_switch(open_page, url):
    page = open_page(f"{url}/?street={STREET}&community={quote('药王社区')}&month=2026-03")
    page.reload()
    settle(page)
    expect(page.get_by_text("范围 汉正街道药王社区 ｜ 截至2026年3月")).to_be_visible()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="指标口径").click()
    settle(page)
    expect(page.get_by_text("范围 汉正街道药王社区 ｜ 截至2026年3月")).to_be_visible()
    assert asked(page) == {"street": ["汉正街道"], "community": ["药王社区"], "month": ["2026-03"]}
    page.get_by_test_id("stSidebarNavLink").filter(has_text="旧改进度").click()
    page.get_by_role("tab", name="在哪里").click()
    settle(page)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="版本").click()
    settle(page)
    page.go_back()
    settle(page)
    expect(page.get_by_role("tab", name="在哪里")).to_have_attribute("aria-selected", "true")


def test_a_click_on_the_map_or_a_bar_chooses_the_street_then_the_community(open_page, url):
    page = open_page(url)
    click_on(page.locator(".choroplethlayer path").nth(40))
    expect(page.get_by_text(re.compile(r"范围 \S+街道 ｜"))).to_be_visible()
    settle(page)
    (street,) = asked(page)["street"]
    assert "community" not in asked(page)
    click_on(page.locator(".geolayer").first)
    expect(page.get_by_text(re.compile(rf"范围 {street}\S+社区 ｜"))).to_be_visible()
    assert len(asked(page)["community"]) == 1
    page.get_by_role("button", name="回到全区最新月份").click()
    expect(page.get_by_text("范围 全区 ｜")).to_be_visible()
    assert asked(page) == {}
    settle(page)
    page.get_by_label("截至月份", exact=True).click()
    page.get_by_role("option", name="2026-08").click()
    expect(page.get_by_text(re.compile("截至2026年8月"))).to_be_visible()
    settle(page)
    page.get_by_role("combobox", name="查找").press_sequentially("hsqjddq", delay=30)
    page.get_by_role("option", name=re.compile("汉水桥街道党群服务中心")).click()
    expect(page.get_by_text("范围 汉水桥街道 ｜ 截至2026年8月")).to_be_visible()
    for before in ({"month": ["2026-08"]}, {}):  # one step back for each, however it was chosen
        settle(page)
        page.go_back()
        settle(page)
        assert asked(page) == before and urlsplit(page.url).path == "/"
    click_on(page.locator(".barlayer .point path").first)
    expect(page.get_by_text(re.compile(r"范围 \S+街道 ｜"))).to_be_visible()


# The boxes of all streets' names, measured in one step, once all are drawn.
NAMES = f"""() => {{
  const boxes = [...document.querySelectorAll(".scattergeo text")].map({BOX});
  return boxes.length === 11 && boxes.every(([, , width]) => width) && boxes;
}}"""


def test_street_names_on_the_map_do_not_touch(open_page, url):
    page = open_page(url, *SCREEN)
    for size in (SCREEN, PHONE):
        look(page, *size, dark=False)
        boxes = page.wait_for_function(NAMES).json_value()
        for a, b in combinations(boxes, 2):
            (ax, ay, aw, ah), (bx, by, bw, bh) = a, b
            apart = ax + aw <= bx + 1 or bx + bw <= ax + 1 or ay + ah <= by + 4 or by + bh <= ay + 4
            assert apart, (a, b)


def test_an_opened_number_shows_its_members_and_gives_them_away(open_page, url, tmp_path):
    page = open_page(f"{url}/?street={STREET}")
    page.locator("a.tile", has_text="两新覆盖率").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("两新组织党组织覆盖率").first).to_be_visible()
    expect(dialog.get_by_text(re.compile("÷"))).to_be_visible()
    expect(dialog.get_by_test_id("stDataFrame").filter(visible=True).first).to_be_visible()
    dialog.get_by_role("tab", name=re.compile("^计入")).click()
    dialog.get_by_role("button", name="下载计入名单").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    path = Path(download.value.path())
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("# 内容：两新组织党组织覆盖率_计入")
    assert "台账文件,工作表,行号" in lines[1]
    assert all("汉正街道" in line and "组织台账.xlsx" in line for line in lines[2:])
    settle(page)
    page.keyboard.press("Control+p")  # the table grows to what a sheet holds before it is printed
    rows_px = 33 * (min(len(lines) - 2, 32) + 1)
    tall = "px => document.querySelector('[role=dialog]:not([data-testid=stPopoverBody]) canvas').clientHeight >= px"
    page.wait_for_function(tall, arg=rows_px)
    dialog.get_by_role("tab", name=re.compile("未计入")).click()
    dialog.get_by_role("tab", name="SQL").click()
    expect(dialog.get_by_text("two_new_org").first).to_be_visible()
    for dark in (False, True):
        look(page, *SCREEN, dark)
        assert not accessibility_faults(page, only_colours=dark)


def test_a_link_opens_the_same_page_as_its_address(open_page, url):
    """One link of each kind on the first page and among what needs attention, against a reload."""
    page = open_page(url)
    seen = set()
    for start in ("", "attention"):
        page.goto(f"{url}/{start}")
        settle(page)
        links = page.locator(".linked a[href]")
        hrefs = links.evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert len(hrefs) > (240 if not start else 40)
        one_of_each = {kind_of(href, start): href for href in reversed(hrefs)}
        assert len(one_of_each) >= 3
        for kind in one_of_each.keys() - seen:
            href = one_of_each[kind]
            page.locator(f".linked a[href='{href}']").first.dispatch_event("click")
            expect(page.get_by_role("dialog")).to_have_count(int("open=" in href))
            shown = said_on(page)
            address = urlsplit(page.url)
            wanted = parse_qs(urlsplit(href).query)
            assert {key: asked(page).get(key) for key in wanted} == wanted
            assert address.path.strip("/") == (
                urlsplit(href).path.strip("./") or ("" if href[0] == "." else start)
            )
            page.reload()
            assert said_on(page) == shown
            page.go_back()
            expect(page.locator(f".linked a[href='{href}']").first).to_be_attached()
            settle(page)
        seen |= one_of_each.keys()


def test_what_got_worse_takes_three_clicks_and_two_streets_stand_side_by_side(open_page, url):
    page = open_page(url)
    page.get_by_label("对比月份", exact=True).click()
    page.get_by_role("option", name="上年同期").click()
    page.locator(".sentence a", has_text="项变差").click()
    expect(page.get_by_role("dialog")).to_contain_text("较上年同期")
    assert asked(page) == {"against": ["上年同期"], "open": ["变差"]}
    page.goto(f"{url}/?street={STREET}&street={quote('古田街道')}")
    settle(page)
    page.locator(".sides tbody tr").first.locator("td a").nth(1).dispatch_event("click")
    settle(page)
    assert asked(page)["of"] == ["古田街道"]
    expect(page.get_by_role("dialog")).to_contain_text("：古田街道")
    assert not accessibility_faults(page)


def kind_of(href: str, start: str) -> tuple:
    """Return what distinguishes a link: the other page it leads to, if any, and its parameters."""
    page = urlsplit(href).path.strip("./")
    return page if page != start else "", *sorted(parse_qs(urlsplit(href).query))


def said_on(page: Page) -> str:
    """Return the words of the page and of what is opened over it, once they are all drawn."""
    settle(page, 400)
    return "".join(page.locator("[data-testid=stMain], [role=dialog]").all_inner_texts())


def test_the_first_screen_has_tiles_grid_map_and_the_first_items(open_page, url):
    page = open_page(url)
    for what in (".tile", "table.grid", ".st-key-map", ".cards .card"):
        for box in [one.bounding_box() for one in page.locator(what).all()]:
            assert box["y"] + box["height"] <= 900, what
    cell = page.get_by_role(
        "link", name=re.compile("^汉正街道，改造里程碑按期率，[0-9.]+%，目标≥80%，未达标$")
    )
    cell.hover()
    expect(page.locator(".said")).to_have_text(cell.get_attribute("aria-label"))
    cell.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("改造里程碑按期率：汉正街道")).to_be_visible()
    expect(dialog.get_by_role("tab", name=re.compile("^未计入"))).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{url}/")


def test_what_the_first_page_needs_is_named_at_once(desk, url):
    with closing(desk.new_page()) as page:
        answer = page.goto(url)
        page.locator(".js-plotly-plot").first.wait_for()
        loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
        charts = page.request.get(next(one for one in loaded if "PlotlyChart" in one))
    named = re.findall("<(.*?)>", answer.headers["link"])
    late = {urlsplit(one).path for one in loaded if one.endswith((".js", ".woff2"))}
    late -= {f"/static/js/{one}" for one in assets.named_scripts()}
    assert {one for one in late if not one.startswith("/static/media/")} == set(named)
    script = assets.SCRIPTS / urlsplit(charts.url).path.split("/")[-1]
    assert charts.headers["content-encoding"] == "gzip"
    assert charts.body() == script.read_bytes()


def test_no_english_is_left_in_menus_and_tooltips(open_page, url):
    page = open_page(f"{url}/dictionary")
    page.get_by_test_id("stDataFrame").first.hover()
    # Of a grid's own buttons, choosing columns and finding remain: its download has no stamp.
    offered = page.get_by_test_id("stElementToolbarButton").filter(visible=True)
    labels = [one.get_by_role("button").get_attribute("aria-label") for one in offered.all()]
    assert any("查找" in label for label in labels) and not any("CSV" in one for one in labels)
    page.get_by_label("社区").click()
    page.keyboard.type("查无此地")
    expect(page.get_by_text("按“查无此地”找（名称、拼音、首字母）")).to_be_visible()
    said = page.evaluate(
        "[...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap(one =>"
        "[one.ariaLabel, one.title, one.placeholder]).filter(Boolean)"
    )
    english = {word for word in said if re.fullmatch(r"[A-Za-z ,.'/-]{3,}", word)}
    assert not english - {"SQL"}


def test_every_page_is_one_click_away_under_its_group_and_the_present_one_is_marked(open_page, url):
    page = open_page(f"{url}/fund", *SCREEN)
    links, groups = (
        page.get_by_test_id("stSidebarNavLink"),
        page.get_by_test_id("stNavSectionHeader"),
    )
    assert [one.inner_text().split("\n")[-1] for one in links.all()] == list(PATHS.values())
    assert [one.inner_text() for one in groups.all()] == list(navigation.SECTIONS)
    for one in [*links.all(), *groups.all()]:
        assert one.bounding_box()["y"] + one.bounding_box()["height"] <= SCREEN[1]
    expect(page.locator("[data-testid=stSidebarNavLink][aria-current=page]")).to_contain_text(
        "社区基金"
    )


def test_the_appearance_chosen_stays_on_every_page(open_page, url):
    page = open_page(f"{url}/fund")
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    expect(page.get_by_role("menu")).to_have_text(re.compile("随系统.*浅色.*深色.*打印"))
    page.get_by_role("menuitemradio", name="深色").click()
    app, legend = page.get_by_test_id("stApp"), page.locator(".js-plotly-plot .legendtext").first
    expect(app).to_have_css("color-scheme", "dark")
    expect(legend).to_have_css("fill", "rgb(233, 231, 226)")  # the pictures are drawn anew
    page.get_by_test_id("stSidebarNavLink").filter(has_text="版本").click()
    expect(page).to_have_url(re.compile("versions"))
    page.reload()
    expect(app).to_have_css("color-scheme", "dark")


def test_a_name_s_initials_and_enter_lead_there(open_page, url):
    page = open_page(f"{url}/fund?month=2026-03")
    field = page.get_by_role("combobox", name="查找")
    field.press_sequentially("yaow", delay=30)
    hit = page.get_by_role("option", name=re.compile("药王社区党群服务中心"))
    expect(hit).to_contain_text("汉正街道药王社区")
    assert not accessibility_faults(page)
    field.fill("ywsq")
    field.press("Enter")
    expect(page.get_by_text("范围 汉正街道药王社区 ｜ 截至2026年3月")).to_be_visible()
    expect(field).to_have_value("")
    assert urlsplit(page.url).path == "/fund"
    assert asked(page) == {"community": ["药王社区"], "month": ["2026-03"]}
    field.fill("长丰街道")  # another street than the community's
    field.press("Enter")
    expect(page.get_by_text("范围 长丰街道 ｜ 截至2026年3月")).to_be_visible()
    expect(page.get_by_text("链接里的")).to_have_count(0)
    field.press_sequentially("lxfgl", delay=30)
    page.get_by_role("option", name="两新组织党组织覆盖率").click()
    expect(page.get_by_role("dialog").get_by_text(re.compile("÷"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="十分钟圈").click()
    settle(page)
    for typed, station in (("yaow", "药王社区党群服务中心"), ("rsjy", "仁寿佳苑党群驿站")):
        field.press_sequentially(typed, delay=30)
        page.get_by_role("option", name=re.compile(station)).click()
        expect(page.get_by_role("combobox", name="看一处阵地")).to_have_value(station)
    field.press_sequentially("查无此地", delay=30)
    expect(page.get_by_role("option")).to_have_text("没有叫这个名字的")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.get_by_role("button", name="回到全区最新月份").click()
    expect(page.get_by_text("范围 全区 ｜")).to_be_visible()
    settle(page)
    for label, typed, scope in (
        ("社区", "rdsq", "六角亭街道荣东社区"),  # in a filter, too
        ("社区", "gysq", "全区"),  # 古一 or 古雅
        ("街道", "gutian", "古田街道"),
    ):
        page.get_by_label(label, exact=True).click()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"范围 {scope} ｜")).to_be_visible()
        expect(page.get_by_text("链接里的")).to_have_count(0)
        if scope == "全区":
            page.get_by_label(label, exact=True).click()
            expect(page.get_by_role("option")).to_contain_text(["古一社区", "古雅社区"])
            page.keyboard.press("Escape")


def test_the_phone_s_menu_says_so_and_folds_when_a_page_is_chosen(open_page, url):
    page = open_page(url, *PHONE)
    menu = page.get_by_role("button", name="菜单")
    assert "菜单" in menu.evaluate("one => getComputedStyle(one, '::after').content")
    menu.click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="社区基金").click()
    expect(page.get_by_role("heading", name="社区基金", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")


def test_the_phone_has_tiles_in_two_columns_and_the_sidebar_folded(open_page, url):
    page = open_page(url, 390, 844)
    tiles = [one.bounding_box() for one in page.locator("a.tile").all()]
    assert tiles[0]["y"] == tiles[1]["y"] != tiles[2]["y"]
    grid = page.locator(".scroll").first
    assert grid.evaluate("one => one.scrollWidth > one.clientWidth && one.clientWidth < 390")
    head = page.locator(".grid tbody th").first
    left = head.bounding_box()["x"]
    grid.evaluate("one => { one.scrollLeft = 200 }")
    assert head.bounding_box()["x"] == left
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    map_top = page.locator(".geolayer").first.bounding_box()["y"]
    assert map_top < page.locator(".barlayer").bounding_box()["y"]


def test_unknown_link_says_so(open_page, url):
    page = open_page(f"{url}/?street={quote('火星街道')}&month=1999-01")
    expect(page.get_by_text("火星街道")).to_be_visible()
    expect(page.get_by_text("1999-01")).to_be_visible()
    assert asked(page) == {}


def test_a_fresh_server_from_nothing_to_a_version_taken_back(open_page, published, tmp_path):
    """Its first request is a deep link; what is published while it runs is on the next page."""
    with serve(tmp_path) as address:
        page = open_page(f"{address}/dictionary?street={STREET}&month=2026-03")
        expect(page.get_by_role("heading", name="还没有数据")).to_be_visible()
        shutil.copytree(published / "versions", tmp_path / "versions")
        page.reload()
        expect(page.get_by_role("heading", name="指标口径", exact=True)).to_be_visible()
        expect(page.get_by_text("范围 汉正街道 ｜ 截至2026年3月")).to_be_visible()
        expect(page.get_by_text("总览").first).to_be_visible()
        second_version(tmp_path)
        page.get_by_test_id("stSidebarNavLink").filter(has_text="版本").click()
        expect(page.get_by_text("现在使用v000002")).to_be_visible()
        page.get_by_label("经办（岗位或姓名）").fill("数据管理岗")
        page.get_by_label("原因").fill("试一次回退")
        page.get_by_role("button", name="回退", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="确认回退").click()
        expect(page.get_by_text("现在使用v000001")).to_be_visible()
    entry = Store(tmp_path / "versions").history()[-1]
    assert (entry.action, entry.version, entry.by) == ("回退", "v000001", "数据管理岗")
    assert entry.note == "试一次回退"
