"""Load what the first visitor would otherwise wait for."""

import logging

import plotly.graph_objects
import plotly.io  # noqa: F401  imported lazily by st.plotly_chart

from chunshui.ui import data
from chunshui.ui.scope import Scope


def up() -> None:
    """Import the drawing library, open the served version and prepare its first page."""
    try:
        version = data.serving().version
        scope = Scope(version, data.months(version)[0])
        data.district(version)
        data.figures(scope)
    except Exception:  # the server must start, so that a page can say what is wrong
        logging.getLogger(__name__).exception("warm-up failed")
