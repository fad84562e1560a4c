"""Draw the pictures of the README and the manual from the running product: `python -m tests.pictures`.

The demonstration is served from the data folder (CHUNSHUI_DATA), which must have a published version.
"""

from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

from chunshui import paths
from tests.browser.conftest import settle
from tests.browser.server import FLAGS, chromium, serve

SCREEN, PHONE, ROOM = (1440, 900), (390, 844), (1920, 1080)
OPENED = {"open": "“一长六员”配齐率"}
CHOSEN = {"sections": ["街道排名 · 民情办结率", "核心指标"], "tiles": ["民情办结率"]}
ON_STAGE = CHOSEN | {"mode": "meeting"}
README = {
    "overview": ("", {}, SCREEN),
    "opened": ("", OPENED, SCREEN),
    "circles": ("circles", {}, SCREEN),
    "renovation": ("renovation", {}, SCREEN),
    "phone": ("", {}, PHONE),
}
MANUAL = {
    "分析-指标口径": ("dictionary", {"metric": "两新组织党组织覆盖率"}, SCREEN),
    "会议-快照": ("snapshots", CHOSEN, (1440, 1040)),
    "会议-会场": ("snapshots", ON_STAGE, ROOM),
    "台账-入库": ("intake", {}, SCREEN),
    "管理-版本": ("versions", {}, SCREEN),
}
FOLDERS = {paths.ROOT / "docs" / "pictures": README, paths.ROOT / "docs" / "手册": MANUAL}


def main() -> None:
    """Draw them all."""
    with serve(paths.data_dir()) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(locale="zh-CN")
        for folder, pictures in FOLDERS.items():
            for name, (path, asked, (width, height)) in pictures.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(f"{url}/{path}?{urlencode(asked, doseq=True)}")
                settle(page, 1500)
                page.screenshot(path=Path(folder) / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
