"""The page 组织体系."""
