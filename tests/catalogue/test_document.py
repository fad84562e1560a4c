"""docs/methods.md says what the query files say."""

from chunshui import paths
from chunshui.catalogue.attention import all_rules
from chunshui.catalogue.checks import all_checks
from chunshui.catalogue.document import METHODS, renewed
from chunshui.catalogue.metric import all_metrics


def test_methods_are_up_to_date():
    text = METHODS.read_text(encoding="utf-8")
    assert renewed(text) == text, "run python -m chunshui.catalogue.document"


def test_methods_name_everything():
    text = METHODS.read_text(encoding="utf-8")
    for rule in [*all_metrics(), *all_checks(), *all_rules()]:
        assert f"`{rule}`" in text
    assert "［R，尚未核对原文］" in text and "［?，未查到公开出处］" in text


def test_the_glossary_names_no_table_that_is_not_there():
    text = (paths.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for one in ("party_committee", "grid_unit", "two_new_org", "renovation_project"):
        assert f"| {one} |" in text
