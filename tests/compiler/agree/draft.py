"""A query while it is being written: what is in scope, what was used, and the dice."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from random import Random

    from graphchannel.schema.model import GraphSchema, Property
    from tests.compiler.reference.graph import Value

T = TypeVar("T")
# Writes an expression at most so many operators deep; None where the scope does not allow it.
Producer: TypeAlias = "Callable[[Draft, int], str | None]"

SCALARS = ("integer", "float", "string", "boolean", "date")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a variable.

    `kind` is one of SCALARS, or `node`, `relationship`, `path`, or `list <kind>`. `tables` are the
    node tables a node may be of. `ordered` is false for a list whose order nothing defines.
    """

    kind: str
    properties: Mapping[str, Property] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    ordered: bool = True


@dataclass(slots=True)
class Draft:
    """The state of one query's generation."""

    rng: Random
    schema: GraphSchema
    grammar: Mapping[str, Sequence[Producer]]
    scope: dict[str, Known] = field(default_factory=dict)
    parameters: dict[str, Value] = field(default_factory=dict)
    constructs: set[str] = field(default_factory=set)
    list_order: bool = True  # false once an answer holds a list whose order nothing defines
    subqueries: bool = True  # false where a pattern must not stand
    count: int = 0
    names: set[str] = field(default_factory=set)
    earlier: set[str] = field(default_factory=set)  # relationships bound by earlier clauses

    def use(self, construct: str, text: str) -> str:
        """Note that the query uses a construct, and return its text."""
        self.constructs.add(construct)
        return text

    def fresh(self, prefix: str) -> str:
        """Return a name that nothing has yet."""
        self.count += 1
        twin = f"{prefix.upper()}{self.rng.randint(1, self.count)}"
        # Names differ in case: another spelling is another variable.
        name = twin if twin not in self.names and self.chance(0.15) else f"{prefix}{self.count}"
        self.names.add(name)
        return name

    def chance(self, share: float) -> bool:
        """Be true in this share of cases."""
        return self.rng.random() < share

    def of_kind(self, kind: str) -> list[str]:
        """Return the variables of a kind, without lists in no order."""
        return [name for name, v in self.scope.items() if v.kind == kind and v.ordered]

    def entities(self) -> list[str]:
        """Return the variables that have properties."""
        return [name for name, v in self.scope.items() if v.kind in ("node", "relationship")]

    def property_of(self, kind: str) -> str | None:
        """Return `variable.property` of a kind, or None if there is none in scope."""
        found = [
            f"{name}.{key}"
            for name in self.entities()
            for key, declared in self.scope[name].properties.items()
            if property_kind(declared) == kind
        ]
        return self.rng.choice(found) if found else None

    def parameter(self, kind: str, make: Callable[[], Value]) -> str:
        """Return a parameter of a kind: one that there is already, or a new one."""
        name = f"{kind.replace(' ', '_')}_{self.rng.randint(1, 2)}"
        self.parameters.setdefault(name, None if self.chance(0.1) else make())
        return self.use("parameter", f"${name}")

    @contextmanager
    def inside(self, **names: Known) -> Iterator[None]:
        """Put variables into scope, and everything back as it was afterwards."""
        before = self.scope
        self.scope = {**before, **names}
        yield
        self.scope = before

    @contextmanager
    def without_subqueries(self) -> Iterator[None]:
        """Write no pattern, EXISTS or COUNT for a while."""
        before = self.subqueries
        self.subqueries = False
        yield
        self.subqueries = before

    def pick(self, choices: Sequence[T]) -> T:
        """Choose one."""
        return self.rng.choice(choices)


def property_kind(declared: Property) -> str:
    """Return the kind of a property's value."""
    return f"list {declared.kind.value}" if declared.list_of else declared.kind.value
