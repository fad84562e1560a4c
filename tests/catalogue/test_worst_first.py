"""What most keeps a figure from its target comes first, whatever order the members come in."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from chunshui.catalogue.members import worst_first
from chunshui.catalogue.metric import get_metric

MEMBER = st.tuples(
    st.integers(0, 9),
    st.integers(0, 9),
    st.none() | st.integers(1, 99).map(float),
    st.none() | st.integers(1, 2000),
)


@given(st.lists(MEMBER, min_size=1, max_size=12))
def test_what_weighs_most_then_lacks_most_then_is_latest(members):
    rows = pd.DataFrame(
        {
            "numerator": [min(a, b) for a, b, *_ in members],
            "denominator": [max(a, b) for a, b, *_ in members],
            "lacks": pd.Series([lacks for *_, lacks, _ in members], dtype=object),
            "reason": [
                None if days is None else f"逾期{days:,}{('天', '个日历日')[days % 2]}办结"
                for *_, days in members
            ],
        }
    )
    order = list(worst_first(get_metric("opinion_on_time_rate"), rows).index)

    def key(at):
        a, b, lacks, days = members[at]
        return -abs(a - b), lacks is None, -(lacks or 0), days is None, -(days or 0), at

    assert order == sorted(range(len(members)), key=key)
