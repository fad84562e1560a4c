"""docs/methods.md says what the query files say."""

from chunshui import paths
from chunshui.catalogue import attention, checks, document, metric


def test_methods_are_up_to_date():
    text = document.METHODS.read_text(encoding="utf-8")
    assert document.written(text) == text, "run python -m chunshui.catalogue.document"


def test_methods_name_everything():
    text = document.METHODS.read_text(encoding="utf-8")
    for rule in [*metric.load_all(), *checks.load_all(), *attention.load_all()]:
        assert f"`{rule}`" in text
    assert "［R，凭记忆，未核对］" in text and "［?，未查到公开出处］" in text


def test_the_glossary_names_no_table_that_is_not_there():
    text = (paths.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for one in ("party_committee", "grid_unit", "two_new_org", "renovation_project"):
        assert f"| {one} |" in text
