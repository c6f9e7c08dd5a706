"""The house keeps its order: short modules and functions, no hidden names, errors told.

Where one of these has to be broken, `WITH_REASON` says so and why.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import graphchannel
from graphchannel.spark.lake import WORKSPACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PACKAGE = Path(graphchannel.__file__).parent
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 50
WITH_REASON: dict[str, str] = {}
RUN_CODE = {"pickle", "cloudpickle", "marshal", "shelve", "dill", "joblib"}  # as they read data


@functools.cache
def modules() -> Mapping[Path, ast.Module]:
    """Parse all modules, once they are asked for."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


@functools.cache
def errors() -> frozenset[str]:
    classes = modules()[PACKAGE / "errors.py"].body
    return frozenset(node.name for node in classes if isinstance(node, ast.ClassDef))


def test_no_module_is_longer_than_three_screens() -> None:
    lines = {name(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {
        name: n for name, n in lines.items() if n > MOST_LINES and name not in WITH_REASON
    } == {}


def test_no_function_is_longer_than_half_a_screen() -> None:
    found = {
        f"{name(path)}:{node.name}": length
        for path, node in functions()
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }
    assert {key: n for key, n in found.items() if key not in WITH_REASON} == {}


def test_no_module_is_hidden_by_a_name_of_its_package() -> None:
    hidden = []
    for path, tree in modules().items():
        if path.name != "__init__.py" or path.parent == PACKAGE:
            continue
        names = {other.stem for other in path.parent.iterdir() if other.suffix in ("", ".py")}
        own = ".".join(path.parent.relative_to(PACKAGE.parent).parts)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module != own:
                hidden += [f"{own}.{a.name}" for a in node.names if (a.asname or a.name) in names]
    assert hidden == []


def test_public_functions_say_what_they_raise() -> None:
    silent = [
        f"{name(path)}:{node.name} raises {', '.join(sorted(raised))}"
        for path, node in functions()
        if not node.name.startswith("_") and path.parent.name != "cli"
        if (raised := raised_by(node)) and "raise" not in (ast.get_docstring(node) or "").lower()
    ]
    assert silent == []


def test_no_data_runs_code_as_it_is_read() -> None:
    """Data lies in folders that others may write to; it is JSON or Parquet, and checked."""
    found = {
        f"{name(path)}: {imported}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        for imported in imports(node)
        if not RUN_CODE.isdisjoint(imported.split(".")) and name(path) not in WITH_REASON
    }
    assert found == set()


def test_the_workspace_in_a_lake_is_named_once() -> None:
    written = {
        name(path)
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == WORKSPACE
    }
    assert written == {"spark/lake.py"}


def imports(node: ast.AST) -> list[str]:
    """Return what a statement imports: modules, and names in them."""
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{each.name}" for each in node.names]
    return [each.name for each in node.names] if isinstance(node, ast.Import) else []


def functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield path, node


def raised_by(function: ast.FunctionDef) -> set[str]:
    """Return the errors of the one tree that a function raises by itself."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            called = node.exc.func
            if isinstance(called, ast.Name) and called.id in errors():
                found.add(called.id)
    return found


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()
