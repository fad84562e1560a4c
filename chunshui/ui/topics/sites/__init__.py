"""The page 四创示范."""
