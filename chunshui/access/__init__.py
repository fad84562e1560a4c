"""Who may come in: without accounts only a browser of this computer, with them who signs in."""
