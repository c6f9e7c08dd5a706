"""Which small changes of a module's code there are, for `scripts.mutants`."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the bytes from `start` to `end` of `module` become `new`."""

    module: str
    line: int
    start: int
    end: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} `{self.old}` → `{self.new}`"


def mutants_of(module: str, source: str) -> list[Mutant]:
    """Return every change of a module, in the order of its text."""
    lines = source.encode().splitlines(keepends=True)
    starts = list(accumulate(map(len, lines), initial=0))
    return [
        _mutant(module, starts, node, new) for node, new in _changes(ast.parse(source), told=False)
    ]


def _mutant(module: str, starts: Sequence[int], node: ast.expr, new: str) -> Mutant:
    """Return a change; `starts` are the bytes before each line."""
    if node.end_lineno is None or node.end_col_offset is None:
        raise ValueError(f"{module}:{node.lineno}: no end")
    start = starts[node.lineno - 1] + node.col_offset
    end = starts[node.end_lineno - 1] + node.end_col_offset
    return Mutant(module, node.lineno, start, end, ast.unparse(node), new)


def _changes(node: ast.AST, *, told: bool) -> Iterator[tuple[ast.expr, str]]:
    """Yield what is replaced by which text; `told` says that functions around tell true or not."""
    if _is_noise(node):
        return
    if isinstance(node, ast.expr):
        yield from ((node, f"({ast.unparse(new)})") for new in _others(node))
    if isinstance(node, ast.If | ast.IfExp):
        yield from ((node.test, text) for text in ("True", "False"))
    if isinstance(node, ast.comprehension):
        yield from ((test, text) for test in node.ifs for text in ("True", "False"))
    if isinstance(node, ast.Return) and node.value and not isinstance(node.value, ast.Constant):
        yield node.value, f"not ({ast.unparse(node.value)})" if told else "None"
    if isinstance(node, ast.FunctionDef):
        told = isinstance(node.returns, ast.Name) and node.returns.id == "bool"
    for name, inner in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        for child in inner if isinstance(inner, list) else [inner]:
            if isinstance(child, ast.AST):
                yield from _changes(child, told=told)


def _is_noise(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise | ast.JoinedStr):
        return True
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test) or "__main__" in ast.unparse(node.test)
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(one, ast.Name) and one.id.startswith("__") for one in targets)


def _others(node: ast.expr) -> Iterator[ast.expr]:
    """Yield an expression's neighbours: the same but for one operator or one value."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            compare = copy.deepcopy(node)
            compare.ops[place] = COMPARISONS[type(operator)]()
            yield compare
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and not _is_text(node):
        yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )
