"""A snapshot on a screen at the front of a room, one section at a time."""
