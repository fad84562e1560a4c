"""The known truths by id: what was planted, where, and what the dashboard must say."""

import tomllib
from importlib.resources import files

TRUTHS: dict[str, dict] = tomllib.loads(
    files(__package__).joinpath("truths.toml").read_text(encoding="utf-8")
)
