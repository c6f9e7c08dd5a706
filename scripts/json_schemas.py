"""Write docs/schemas/: the JSON Schema of each command's JSON, from scripts/json_schemas.toml."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "schemas"
SOURCE = Path(__file__).with_suffix(".toml")
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "int": {"type": "integer"},
    "number": {"type": "number"},
    "bool": {"type": "boolean"},
    "null": {"type": "null"},
    "any": {},
    "day": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    "moment": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"},
    "money": {
        "type": "object",
        "additionalProperties": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    },
}
_TOKEN = re.compile(r"\s*([{}\[\]|:?*]|@?\w+)")


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each command's JSON by the name of its file."""
    source = tomllib.loads(SOURCE.read_text("utf-8"))
    return {
        f"{command.replace(' ', '-')}.json": _schema(command, shape, source)
        for command, shape in source["commands"].items()
    }


def _schema(command: str, shape: str, source: Mapping[str, Any]) -> dict[str, Any]:
    words = command.removesuffix(" by subject").removesuffix(" by reason").removesuffix(" name")
    reader = _Reader(shape, command, source["meanings"])
    found = reader.shape()
    shared: dict[str, dict[str, Any]] = {}
    while missing := reader.named - shared.keys():
        for name in sorted(missing):
            reader.tokens = _tokens(source["shared"][name])
            shared[name] = reader.shape()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"graphchannel {words} --format json",
        **found,
        **({"$defs": dict(sorted(shared.items()))} if shared else {}),
    }


def _tokens(text: str) -> list[str]:
    return [found[1] for found in _TOKEN.finditer(text)][::-1]


class _Reader:
    """Reads a shape; `named` are the shared ones that it refers to."""

    def __init__(self, text: str, command: str, meanings: Mapping[str, str]) -> None:
        self.tokens = _tokens(text)
        self.named: set[str] = set()
        self._command, self._meanings = command, meanings

    def shape(self) -> dict[str, Any]:
        found = [self._one()]
        while self._took("|"):
            found.append(self._one())
        simple = [one["type"] for one in found if set(one) == {"type"}]
        if len(found) == 1:
            return found[0]
        return {"type": simple} if len(simple) == len(found) else {"anyOf": found}

    def _one(self) -> dict[str, Any]:
        word = self.tokens.pop()
        if word == "[":
            items = self.shape()
            self._expect("]")
            return {"type": "array", "items": items}
        if word == "{":
            return self._object()
        if word.startswith("@"):
            self.named.add(word[1:])
            return {"$ref": f"#/$defs/{word[1:]}"}
        if word == "map":
            self._expect(":")
            return {"type": "object", "additionalProperties": self.shape()}
        return dict(_TYPES[word])

    def _object(self) -> dict[str, Any]:
        if self._took("*"):
            self._expect("}")
            return {"type": "object"}
        properties = dict(self._properties())
        needed = [name for name, (optional, _) in properties.items() if not optional]
        return {
            "type": "object",
            "properties": {name: shape for name, (_, shape) in properties.items()},
            "required": needed,
            "additionalProperties": False,
        }

    def _properties(self) -> Iterator[tuple[str, tuple[bool, dict[str, Any]]]]:
        while not self._took("}"):
            name = self.tokens.pop()
            optional = self._took("?")
            shape = self.shape() if self._took(":") else dict(_TYPES["text"])
            yield name, (optional, {"description": self._meaning(name), **shape})

    def _meaning(self, name: str) -> str:
        """Return what a name means; KeyError where nobody said it."""
        own = f"{self._command}.{name}"
        return self._meanings[own] if own in self._meanings else self._meanings[name]

    def _took(self, token: str) -> bool:
        if self.tokens and self.tokens[-1] == token:
            self.tokens.pop()
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._took(token):
            message = f"{self._command}: expected {token} before {self.tokens[-1:]}"
            raise ValueError(message)


def text_of(schema: Mapping[str, Any]) -> str:
    """Return a schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all schemas; files of commands that are there no more go."""
    FOLDER.mkdir(exist_ok=True)
    written = schemas()
    for file in FOLDER.glob("*.json"):
        if file.name not in written:
            file.unlink()
    for name, schema in written.items():
        (FOLDER / name).write_text(text_of(schema), "utf-8")


if __name__ == "__main__":
    main()
