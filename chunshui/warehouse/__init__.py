"""Data versions: build, check, publish, undo, open, compare. Nothing else touches a DuckDB file."""

from chunshui.warehouse.compare import Comparison, compare
from chunshui.warehouse.reader import Reader
from chunshui.warehouse.store import Entry, Manifest, Serving, Store

__all__ = ["Comparison", "Entry", "Manifest", "Reader", "Serving", "Store", "compare"]
