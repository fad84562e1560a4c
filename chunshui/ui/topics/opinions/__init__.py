"""民情办理: what comes in at each tier, goes out and is in hand, and where it gets stuck."""
