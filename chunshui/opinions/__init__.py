"""How opinion items pass through the four tiers, how long they wait, and where they get stuck."""
