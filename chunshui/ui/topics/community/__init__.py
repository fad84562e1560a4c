"""The page 社区一页."""
