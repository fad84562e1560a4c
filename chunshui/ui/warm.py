"""Load what visitors would otherwise wait for: the first page at start, the likely next ones after."""

import logging
import threading

import plotly.io  # noqa: F401  imported by st.plotly_chart at its first use

from chunshui.ui import circles_coverage, circles_data, data, pictures, renewal_data
from chunshui.ui.scope import Scope

LOG = logging.getLogger(__name__)
# Preparing outside a visit has no page to turn a spinner on, which Streamlit would warn of.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)


def up() -> None:
    """Open the served version and prepare its first page; then, unhurried, the likely next ones."""
    try:
        version = data.serving().version
        latest, *before = data.months(version)
        page(Scope(version, latest))
    except Exception:  # the server must start, so that a page can say what is wrong
        LOG.exception("warm-up failed")
        return
    streets = [Scope(version, latest, (one.code,)) for one in data.district(version).streets]
    months = [Scope(version, month) for month in before]
    threading.Thread(target=ahead, args=([*streets, *months],), daemon=True).start()


def ahead(scopes: list[Scope]) -> None:
    """Prepare the page of every scope, for the first choice of a street or of a month."""
    try:
        if circles := circles_data.circles(scopes[0].version):
            _ = circles.mesh  # two seconds that the first visitor of the map need not wait
        for scope in scopes:
            page(scope)
        for month in data.months(scopes[0].version):
            renewal_data.prepare(scopes[0].version, month)
        if circles:
            circles_coverage.prepare(scopes[0].version)
    except Exception:
        LOG.exception("preparing ahead failed")


def page(scope: Scope) -> None:
    """Prepare what the first page shows of a scope, in both appearances."""
    data.targeted(scope)
    data.attention(scope)
    data.claims(scope.version, scope.month)
    for dark in (False, True):
        for picture in (pictures.draw_map, pictures.draw_ranking):
            picture(scope, data.FIRST_METRIC, dark)
