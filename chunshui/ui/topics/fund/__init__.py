"""The page 社区基金."""
