"""The sections of a snapshot, each asked of the catalogue once and frozen as words and numbers."""
