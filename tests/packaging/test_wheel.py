"""The wheel is built, compared with the checkout, installed alone, and run."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once."""
    target = tmp_path_factory.mktemp("dist")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(target)]
    subprocess.run([*pip, str(ROOT)], check=True)
    (built,) = target.glob("graphchannel-*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with its own dependencies only; return the folder of its commands."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--disable-pip-version-check", str(wheel)], check=True)
    return home / "bin"


@pytest.mark.parametrize("folder", ["cypher", "loaders"])
def test_shipped_folder_travels_unchanged(wheel: Path, folder: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        prefix = f"graphchannel/_data/{folder}/"
        packed = {
            name.removeprefix(prefix): archive.read(name)
            for name in archive.namelist()
            if name.startswith(prefix)
        }
    tracked = {
        path.relative_to(ROOT / folder).as_posix(): path.read_bytes()
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert packed == tracked
    assert packed


def test_wheel_carries_types_and_licence_but_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "graphchannel/py.typed" in names
    for text in ("LICENSE", "NOTICE"):  # the notice credits the demo's cities
        assert any(name.endswith(f"licenses/{text}") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "bench/", "scripts/"))]
    assert not (ROOT / "graphchannel" / "_data").exists()


def test_installed_command_runs_the_main_job(installed: Path, tmp_path: Path) -> None:
    demo = subprocess.run(
        [str(installed / "graphchannel"), "demo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert demo.returncode in {0, 1}, demo.stderr
    assert "supply/vap-supplies-tier-two" in demo.stdout
