"""What a click on a map or a chart carries: one form, written into a trace and read back here."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

Kind = Literal["place", "station", "building", "candidate", "item"]


@dataclass(frozen=True)
class Click:
    """The thing a mark of a picture stands for.

    `code` is its code or id; `label` what the choice beside the picture calls it; `street_code`
    the street that a place (a community, or a street itself) lies in.
    """

    kind: Kind
    code: str
    label: str = ""
    street_code: str = ""

    @property
    def customdata(self) -> tuple[str, ...]:
        """The same as plotly hands it back; a picture has one for every mark."""
        return self.kind, self.code, self.label, self.street_code


def clicked(chart: str) -> Click | None:
    """Return what was just clicked on the chart with the key `chart`; None for the empty ground."""
    points = st.session_state[chart].selection.points
    if not points or not points[0].get("customdata"):
        return None
    return Click(*points[0]["customdata"])
