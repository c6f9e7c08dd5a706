"""The project as a newcomer finds it: pages that are generated are current, files are in order."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

import graphchannel.errors
from graphchannel.cli import main
from scripts import cli_reference

ROOT = Path(__file__).resolve().parent.parent


def test_cli_reference_is_current() -> None:
    assert cli_reference.PAGE.read_text("utf-8") == cli_reference.page(), "run `make docs`"


def test_every_command_and_option_has_help() -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert command.help, f"{name} has no help"
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts[0]} has no help"


@pytest.mark.parametrize("asked", [(), ("load",), ("scan",), ("rules", "list")])
def test_help_imports_no_engine(asked: tuple[str, ...]) -> None:
    heavy = (
        "duckdb",
        "lark",
        "sqlglot",
        "pyarrow",
        "networkx",
        "neo4j",
        "pyspark",
        "rich",
        "numpy",
        "urllib.request",  # with http, email and ssl, for a function that escapes
    )
    script = (
        "import sys\n"
        "from graphchannel.cli import main\n"
        f"main({[*asked, '--help']!r}, standalone_mode=False)\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "[]"
    assert "Usage: " in run.stdout


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RuntimeError("broken on purpose"), "fault of graphchannel"),
        (PermissionError(13, "Permission denied", "out.json"), "out.json: Permission denied."),
    ],
)
def test_what_stops_a_command_is_no_finding(
    error: Exception,
    says: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise error

    command = click.Command("fail", callback=fail)
    monkeypatch.setattr(type(main), "get_command", lambda *_: command)
    with pytest.raises(SystemExit) as ended:
        main(["fail"])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_error_names_are_exported_in_the_order_of_the_alphabet() -> None:
    assert graphchannel.errors.__all__ == sorted(graphchannel.errors.__all__)
    for name in graphchannel.errors.__all__:
        assert name in (graphchannel.errors.__doc__ or "") or name in {
            "check_known",
            "did_you_mean",
        }


def test_docker_compose_is_on_loopback_and_has_no_password() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    service = yaml.safe_load(text)["services"]["neo4j"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert "${NEO4J_PASSWORD:?" in service["environment"]["NEO4J_AUTH"]
    assert service["healthcheck"]["test"]


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"])
def test_the_page_stands_at_the_top_level(page: str) -> None:
    assert (ROOT / page).stat().st_size > 0


def test_no_class_name_occurs_twice() -> None:
    found: dict[str, list[str]] = {}
    for file in sorted(Path(graphchannel.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name.lstrip("_"), []).append(file.name)
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
    assert len(found) > 100


def test_decisions_are_numbered_once() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    for number, page in enumerate(pages, 1):
        assert page.name.startswith(f"{number:04}-")
        assert page.read_text("utf-8").startswith(f"# {number}. "), page.name


def _suites() -> list[str]:
    """Return what targets such as `make assurance` run of one file each."""
    found = re.findall(r"\(PYTEST\) (tests/\S+\.py)(.*)", (ROOT / "Makefile").read_text("utf-8"))
    return [f"{file} --thorough" if "--thorough" in rest else file for file, rest in found]


@pytest.mark.parametrize("suite", sorted(set(_suites())))
def test_a_suite_in_full_has_tests_to_run(suite: str) -> None:
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *suite.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert collected.returncode == 0, collected.stdout
