"""A place is found by the name the roster gives it, whatever that name looks like."""

import pytest

from chunshui.ledgers.contracts.contract import Column
from chunshui.ledgers.roster import Roster

COMMUNITY = Column("community_code", "社区", "community")


@pytest.mark.parametrize("name", ["古一社区", "古 一 社区", '#[typst] $x$ "b"', "＝古一（东）社区"])
def test_a_name_finds_its_own_community(name):
    roster = Roster([("420104001", "古田街道")], [("420104001001", name, "全称", "420104001")])
    assert roster.community(name, COMMUNITY, "420104001").value == "420104001001"
