"""Chunshui (春水): ledgers in, defensible figures out."""
