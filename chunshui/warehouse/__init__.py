"""Data versions: build, check, publish, undo, open, compare. Nothing else touches a DuckDB file."""

from chunshui.warehouse.at_once import AtOnce, Days
from chunshui.warehouse.compare import Comparison, compare
from chunshui.warehouse.manifest import Edition, Entry, Manifest, Serving
from chunshui.warehouse.reader import Reader
from chunshui.warehouse.store import Store

__all__ = [
    "AtOnce",
    "Comparison",
    "Days",
    "Edition",
    "Entry",
    "Manifest",
    "Reader",
    "Serving",
    "Store",
    "compare",
]
