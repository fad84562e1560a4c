"""The page 数据质量."""
