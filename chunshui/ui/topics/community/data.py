"""What the sheet of a community shows, asked of a version and kept."""

import pandas as pd

from chunshui.community import parts, sheet
from chunshui.community.sheet import Sheet
from chunshui.ui import data
from chunshui.ui.data import views
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope

REACH = "circle_coverage"


def prepare(scope: Scope) -> None:
    """Ask ahead what every sheet needs of the month of a scope."""
    for name in parts.ASKED:
        parts.ask(data.reader(scope.edition), scope.month, name)
    _homes(scope.district())


@remembered(256)
def sheet_of(scope: Scope) -> Sheet:
    """Return the sheet of the community in scope."""
    reader, home = data.reader(scope.edition), scope.community or ""
    return sheet.sheet_of(reader, scope.month, home, data.attention(scope))


@remembered(16)
def _homes(district: Scope) -> pd.DataFrame:
    rows, known = data.members(district, REACH), data.points(district.edition)
    spots = [known.get(("building", one), (None, None)) for one in rows["entity_id"]]
    places = pd.DataFrame(spots, index=rows.index, columns=["lon", "lat"])
    columns = ["street_code", "community_code", "entity_name", "numerator", "denominator", "reason"]
    rows = rows[columns].astype(dict.fromkeys(columns[:2], object)).join(places)  # see `inside`
    return rows[rows["lon"].notna() & (rows["denominator"] > 0)]


def homes(scope: Scope) -> pd.DataFrame:
    """Return the community's buildings with where they stand, their residents and whether these reach a station."""
    return views.cut(_homes(scope.district()), scope)


def stations(scope: Scope) -> pd.DataFrame:
    """Return the stations open in the community, with where they stand."""
    return parts.Known(data.reader(scope.edition), scope.month, scope.community or "").rows(
        "community/stations"
    )
