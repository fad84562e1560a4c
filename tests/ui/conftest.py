"""The app as AppTest runs it, over a data folder of the test's choice."""

import json
import re
import shutil
from functools import cache
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest, local_script_runner

FRAME = Path(__file__).resolve().parents[2] / "chunshui" / "frame.py"
_look_every_millisecond = local_script_runner.require_widgets_deltas


def _wait_for_the_end(runner: local_script_runner.LocalScriptRunner, timeout: float = 3) -> None:
    """Wait as AppTest does, but asleep, not looking a thousand times a second."""
    runner._script_thread.join(timeout)
    _look_every_millisecond(runner, 0.1 if runner.script_stopped() else 0)


local_script_runner.require_widgets_deltas = _wait_for_the_end
# At each run AppTest looks through all installed packages for components, as a server once does.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch):
    """Return a function that opens a page over a data folder with some URL parameters."""

    def open_page(data: Path, page: str = "overview", **params) -> AppTest:
        monkeypatch.setenv("CHUNSHUI_DATA", str(data))
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        for key, value in params.items():
            app.query_params[key] = value
        if page != "overview":
            app.switch_page(f"../pages/{page}.py")
        return app.run()

    return open_page


@pytest.fixture
def data_copy(published: Path, tmp_path: Path) -> Path:
    """A data folder with a published version that the test may damage or publish to."""
    shutil.copytree(published / "versions", tmp_path / "versions")
    return tmp_path


def offered(app: AppTest) -> AppTest:
    """Open the menu that adds what a page shows to the material."""
    key = f"offer_{app.session_state['page']}"
    app.session_state[key] = True
    return app.run()


def linked(app: AppTest, key: str) -> str:
    """Return the HTML of what is drawn with links under a key: tiles, finding, grid …; "" without."""
    drawn = [
        one.proto for one in app.get("bidi_component") if one.proto.id.endswith(f"-linked_{key}")
    ]
    return "".join(json.loads(one.json)["html"] for one in drawn)


def texts_of_numbers(app: AppTest) -> list[tuple[str, str]]:
    """Return table and column of what would sort as text though most cells begin with a number.

    Ids and days (A-1, 2026-10-31, v000001, 420104009) are texts.
    """
    number = re.compile(r"(较.*?)?\D{0,2}\d[\d,.]*(?![\d\-:.]|年)\D*([/／（].*)?")
    found = []
    for one in app.dataframe:
        for name, cells in one.value.select_dtypes(exclude=["number", "bool"]).items():
            texts = [cell for cell in map(str, cells) if cell not in ("—", "None", "nan")]
            texts = [text for text in texts if not (text.isdigit() and len(text) > 7)]
            said = sum(bool(number.fullmatch(text)) for text in texts)
            numbers = [number.fullmatch(text) and _first_number(text) for text in sorted(texts)]
            numbers = [one for one in numbers if one is not None]
            in_order = numbers == sorted(numbers)  # as texts, too
            if said > len(texts) / 2 and not in_order and not re.match(r"[A-Za-z]", texts[0]):
                found.append((one.proto.alt, name))
    return found


def _first_number(text: str) -> float:
    return float(re.search(r"\d[\d,]*(\.\d+)?", text)[0].replace(",", ""))


def texts_of(table) -> pd.DataFrame:
    """Return a table's cells as they are shown, where it sorts by numbers and shows texts."""
    shown = convert_arrow_bytes_to_pandas_df(table.proto.arrow_data.styler.display_values)
    return shown.fillna(table.proto.placeholder)


def words_on(app: AppTest) -> str:
    """Return everything a page says in text elements, for a look at its wording."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error")
    said = [str(one.value) for kind in kinds for one in getattr(app, kind)]
    html = [json.loads(one.proto.json)["html"] for one in app.get("bidi_component")]
    return "\n".join([*said, *(unescape(re.sub(r"<[^>]+>", "", text)) for text in html)])
