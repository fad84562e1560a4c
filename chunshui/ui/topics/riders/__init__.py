"""The page 暖新融入."""
