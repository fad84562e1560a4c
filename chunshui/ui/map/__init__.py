"""The district map and what draws on it."""
