"""Load what visitors would otherwise wait for: the first page at start, the likely next ones after."""

import gc
import logging
import os
import threading

import plotly.io  # noqa: F401  imported by st.plotly_chart at its first use

from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.circles import coverage as circles_coverage
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.renewal import data as renewal_data
from chunshui.ui.widgets import pictures

LOG = logging.getLogger(__name__)
# Preparing outside a visit has no page to turn a spinner on, which Streamlit would warn of.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)


def up() -> None:
    """Open the served version and prepare its first page; then, unhurried, the likely next ones."""
    try:
        version = data.serving().version
        page(Scope(version, data.months(version)[0]))
    except Exception:  # the server must start, so that a page can say what is wrong
        LOG.exception("warm-up failed")
        return
    finally:
        _settle()
    if (
        os.environ.get("CHUNSHUI_AHEAD") != "0"
    ):  # half a minute of a core that a small machine may lack
        threading.Thread(target=ahead, args=(version,), daemon=True).start()


def ahead(version: str) -> None:
    """Prepare what is asked first of each page: a street, or a month."""
    for part in (_walks, _pages, _renewal, _coverage):
        try:
            part(version)
        except Exception:  # the page will say it to whoever opens it; the other parts go on
            LOG.exception("preparing ahead failed")
    _settle()


def _settle() -> None:
    """Take all that is loaded out of the garbage collector's way.

    It is looked through in full every few reruns, which with all that is kept takes 0.15 s and
    stops every session.
    """
    gc.collect()
    gc.freeze()


def _walks(version: str) -> None:
    if circles := circles_data.circles(version):
        _ = circles.mesh  # two seconds that the first visitor of the map need not wait


def _pages(version: str) -> None:
    latest, *before = data.months(version)
    for street in data.district(version).streets:
        page(Scope(version, latest, (street.code,)))
    for month in before:
        page(Scope(version, month))


def _renewal(version: str) -> None:
    for month in data.months(version):
        renewal_data.prepare(version, month)


def _coverage(version: str) -> None:
    if circles_data.circles(version):
        circles_coverage.prepare(version)


def page(scope: Scope) -> None:
    """Prepare what the first page shows of a scope, in both appearances."""
    data.targeted(scope)
    data.attention(scope)
    data.claims(scope.version, scope.month)
    for dark in (False, True):
        for picture in (pictures.draw_map, pictures.draw_ranking):
            picture(scope, data.FIRST_METRIC, dark)
