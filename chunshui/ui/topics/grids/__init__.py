"""The page 网格力量."""
