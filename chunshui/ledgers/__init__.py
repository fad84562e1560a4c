"""Ledgers: what they must hold, how they are read, checked and written."""
