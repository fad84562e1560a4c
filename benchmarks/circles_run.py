"""Run every circle benchmark in one go, each in a process of its own.

python benchmarks/circles_run.py [network.osm.pbf] [--full]
"""

import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

SCRIPTS = ("reach", "catchments", "e2sfca", "scenario", "siting", "scale")


def version(package: str) -> str:
    """Version of an installed package, or an empty string."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def main(argv: list[str]) -> None:
    packages = ("scipy", "numpy", "shapely", "networkx", "pandana", "igraph", "spopt", "access")
    versions = ", ".join(f"{p} {version(p) or 'not installed'}" for p in packages)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; {versions}")
    here = Path(__file__).parent
    paths = [str(here.parent), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    for name in SCRIPTS:
        sys.stdout.flush()
        subprocess.run([sys.executable, str(here / f"circles_{name}.py"), *argv], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
