"""Find a Chromium for the browser tests, or get one.

In this order: `CHUNSHUI_CHROMIUM`; a browser on the PATH; Debian's package, when we may
install it; the browser-test library's own download. Run as `python -m tests.chromium`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the path of a Chromium that can be started, or None."""
    named = os.environ.get("CHUNSHUI_CHROMIUM")
    if named and Path(named).exists():
        return named
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or _bundled()


def _bundled() -> str | None:
    """Return the browser that playwright downloaded earlier, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _from_debian() -> bool:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    )
    return all(subprocess.run(c, env=environment, check=False).returncode == 0 for c in commands)


def _from_playwright() -> bool:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, check=False).returncode == 0


def main() -> None:
    """Make sure there is a browser, and say which."""
    if not find():
        print("未找到 Chromium，正在安装……", flush=True)
        _ = _from_debian() or _from_playwright()
    browser = find()
    if not browser:
        sys.exit("没有可用的 Chromium：请安装后重试，或用 CHUNSHUI_CHROMIUM 指明它的位置。")
    print(f"浏览器测试使用：{browser}")


if __name__ == "__main__":
    main()
