import pytest

from tests.ledgers import sample


@pytest.fixture
def rosters(tmp_path):
    """A folder with the maps alone: the district, its streets and communities."""
    plan = {name: ids for name, ids in sample.PLAN.items() if name.endswith("geojson")}
    sample.write(sample.tables(), tmp_path, demonstration=False, plan=plan)
    return tmp_path
