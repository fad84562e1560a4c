"""Run every circle benchmark in one go, each in a process of its own.

python benchmarks/circles_run.py [network.osm.pbf] [--full]
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

import circles_ground as shared

SCRIPTS = ("reach", "catchments", "coverage", "whatif", "siting", "scale")


def main(argv: list[str]) -> None:
    packages = ("scipy", "numpy", "shapely", "networkx", "pandana", "igraph", "spopt", "access")
    versions = ", ".join(f"{p} {shared.version(p) or 'not installed'}" for p in packages)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; {versions}")
    here = Path(__file__).parent
    for name in SCRIPTS:
        sys.stdout.flush()
        subprocess.run([sys.executable, str(here / f"circles_{name}.py"), *argv], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
