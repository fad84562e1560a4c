"""Who may come in: as long as there are no accounts, only a browser of this computer."""
