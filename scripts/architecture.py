"""Write the rooms of docs/architecture.md: from the import contracts and the rooms' own words."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
_BLOCK = re.compile(r"(<!-- rooms -->\n)(.*?)(<!-- /rooms -->\n)", re.DOTALL)


def page() -> str:
    """Return the text of docs/architecture.md with the rooms as they are now."""
    text = PAGE.read_text("utf-8")
    if _BLOCK.search(text) is None:
        raise ValueError(f"{PAGE}: the markers of the rooms are missing.")
    return _BLOCK.sub(lambda found: found[1] + rooms() + found[3], text)


def rooms() -> str:
    """Return the contracts in words: layers as tables, what else is forbidden as sentences."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return "\n".join(part for contract in contracts for part in _contract(contract)) + "\n"


def _contract(contract: dict[str, Any]) -> Iterator[str]:
    kind = contract["type"]
    if kind == "layers":
        for container in contract["containers"]:
            yield f"### {contract['name']}: `{_short(container)}`\n"
            yield from _layers(container, contract["layers"])
            yield ""
    else:
        yield f"**{contract['name']}.** {_SENTENCES[kind](contract)}\n"


def _layers(container: str, layers: Sequence[str]) -> Iterator[str]:
    """Write a row a room; rooms of one layer, which do not see each other, share a number."""
    yield "| layer | room | what it is |"
    yield "| --: | --- | --- |"
    for number, layer in zip(range(len(layers), 0, -1), layers, strict=True):
        for name in re.split(r"[|:]", layer):
            module = f"{container}.{name.strip().strip('()')}"
            yield f"| {number} | `{_short(module)}` | {_about(module)} |"


def _about(module: str) -> str:
    """Return the first line of a room's docstring."""
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    said = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return said.partition("\n")[0].replace("|", "\\|")


def _short(module: str) -> str:
    return module.removeprefix("graphchannel.").replace(".", "/")


def _listed(modules: Sequence[str]) -> str:
    return ", ".join(f"`{_short(module)}`" for module in modules)


def _forbidden(contract: dict[str, Any]) -> str:
    return (
        f"{_listed(contract['source_modules'])} may not import "
        f"{_listed(contract['forbidden_modules'])}."
    )


def _protected(contract: dict[str, Any]) -> str:
    return (
        f"Nothing but {_listed(contract['allowed_importers'])} may import "
        f"{_listed(contract['protected_modules'])}."
    )


def _acyclic(contract: dict[str, Any]) -> str:
    return f"The rooms of {_listed(contract['ancestors'])} import each other in one direction."


_SENTENCES = {"forbidden": _forbidden, "protected": _protected, "acyclic_siblings": _acyclic}


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
