"""The page 两新党建."""
