from __future__ import annotations

import ast

from scripts.mutations import mutants_of

SOURCE = '''\
"""Text with 1 < 2."""
from __future__ import annotations

__all__ = ["f", "g"]


@dataclass(frozen=True)
class Pair:
    left: Literal[1]
    right: int = 3


def f(a: int, ü: str = "é") -> bool:
    if a < 2 and not ü:
        raise ValueError(f"{a + 1}", a + 1)
    return a in (ü, None)


def g(a: int) -> list[int]:
    return [x - 1 for x in a if x]
'''


def test_changes_are_of_behaviour_and_at_their_place() -> None:
    changes = mutants_of("m.py", SOURCE)
    assert [(one.line, one.old, one.new) for one in changes] == [
        (10, "3", "(4)"),
        (14, "a < 2 and (not ü)", "True"),
        (14, "a < 2 and (not ü)", "False"),
        (14, "a < 2 and (not ü)", "(a < 2 or not ü)"),
        (14, "a < 2", "(a <= 2)"),
        (14, "2", "(3)"),
        (14, "not ü", "(ü)"),
        (16, "a in (ü, None)", "not (a in (ü, None))"),
        (16, "a in (ü, None)", "(a not in (ü, None))"),
        (20, "[x - 1 for x in a if x]", "None"),
        (20, "x - 1", "(x + 1)"),
        (20, "1", "(2)"),
        (20, "x", "True"),
        (20, "x", "False"),
    ]
    content = SOURCE.encode()
    for one in changes:
        assert ast.unparse(ast.parse(content[one.start : one.end].decode(), mode="eval")) == one.old
        changed = content[: one.start] + one.new.encode() + content[one.end :]
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(content))
