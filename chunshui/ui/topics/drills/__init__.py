"""The page 拉练赛马."""
