"""Snapshots: one frozen set of figures, and the documents made from it without a browser."""
