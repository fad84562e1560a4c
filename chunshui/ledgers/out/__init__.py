"""What is written of ledgers: the ledgers themselves, templates, annotated copies, their document."""
