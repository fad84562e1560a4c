"""The page 旧改进度."""
