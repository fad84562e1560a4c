"""Pack what a machine without network needs: the committed project, wheels, checksums, an installer.

    make bundle        →  dist/chunshui-<version>.tar.gz

Wheels are taken for Linux on x86_64 and aarch64, for the Python that runs this; every one has to be
there as a wheel, since nothing is compiled on the other side.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ARCHITECTURES = ("x86_64", "aarch64")
GLIBC = range(17, 35)  # 2.17 (2014) to 2.34: what a wheel may ask of the other machine


def make(requirements: Path, out: Path, architectures: tuple[str, ...] = ARCHITECTURES) -> Path:
    """Write the bundle into the folder `out` and return its path.

    Raises CalledProcessError where git or pip fails; pip names the package that has no wheel.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    name = f"chunshui-{version}"
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / name
        project = bundle / "project"
        project.mkdir(parents=True)
        archived = subprocess.run(
            ["git", "archive", "HEAD"], cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        subprocess.run(["tar", "x", "-C", str(project)], input=archived.stdout, check=True)
        shutil.copy(requirements, project / "requirements.txt")
        for architecture in architectures:
            _download(requirements, architecture, bundle / "wheels" / architecture)
        shutil.copy(ROOT / "deploy" / "install.sh", bundle)
        python = "{}.{}".format(*sys.version_info)
        (bundle / "PYTHON").write_text(f"{python}\n")
        sums = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(bundle)}\n"
            for path in sorted(bundle.rglob("*"))
            if path.is_file()
        ]
        (bundle / "SHA256SUMS").write_text("".join(sums), "utf-8")
        out.mkdir(parents=True, exist_ok=True)
        packed = out / f"{name}.tar.gz"
        with tarfile.open(packed, "w:gz", compresslevel=1) as archive:  # wheels are packed already
            archive.add(bundle, name)
    return packed


def _download(requirements: Path, architecture: str, folder: Path) -> None:
    platforms = [f"manylinux_2_{minor}_{architecture}" for minor in GLIBC]
    platforms += [f"manylinux2014_{architecture}", f"linux_{architecture}"]
    tag = "cp{}{}".format(*sys.version_info)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:"]
    command += ["--implementation", "cp", "--python-version", tag.removeprefix("cp")]
    command += [part for abi in (tag, "abi3", "none") for part in ("--abi", abi)]
    command += [part for platform in platforms for part in ("--platform", platform)]
    command += ["-r", str(requirements), "-c", str(ROOT / "constraints.txt"), "-d", str(folder)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Pack the project for a machine without network.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the bundle")
    packed = make(ROOT / "requirements.txt", parser.parse_args().out)
    print(f"{packed}: {packed.stat().st_size / 1e6:,.0f} MB")
