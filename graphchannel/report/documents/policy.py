"""What a policy permits as a document: its paths, its rulings, its automaton, a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.policy.path_language import expression, path_language
from graphchannel.report.document import Column, Document, Section
from graphchannel.report.documents.policy_drawing import policy_svg

if TYPE_CHECKING:
    from graphchannel.policy import Policy
    from graphchannel.policy.model import SupplyRuling
    from graphchannel.policy.path_language import Language

__all__ = ["policy_document"]

_ARROW = " → "
_LANGUAGE = "A path begins in state 0; a role without a row in its state leaves the language."


@dataclass(frozen=True, slots=True)
class _AutomatonStep:
    """A step of the automaton, by any of the roles."""

    state: int
    roles: tuple[str, ...]
    following: int
    ends: bool


_WORDS: tuple[Column[tuple[str, ...]], ...] = (Column("path", _ARROW.join),)
_RULINGS: tuple[Column[SupplyRuling], ...] = (
    Column("seller", lambda entry: entry.seller),
    Column("buyer", lambda entry: entry.buyer),
    Column("ruling", lambda entry: entry.ruling),
    Column("section", lambda entry: entry.section),
    Column("rule", lambda entry: entry.rule),
)
_STEPS: tuple[Column[_AutomatonStep], ...] = (
    Column("state", lambda step: step.state, "number"),
    Column("role", lambda step: " | ".join(step.roles)),
    Column("next", lambda step: step.following, "number"),
    Column("ends", lambda step: "yes" if step.ends else ""),
)


def policy_document(policy: Policy) -> Document:
    """Return the permitted paths of a policy, how it rules on each hop, and the automaton."""
    language = path_language(policy)
    return Document(
        headline=f"{policy.title} ({policy.source})",
        facts={
            "name": policy.name,
            "title": policy.title,
            "source": policy.source,
            "expression": expression(language),
            "endless": language.endless,
        },
        sections=(
            _words(language),
            Section(
                "hops",
                "Rulings on hops",
                _RULINGS,
                policy.supply,
                ("A pair that is not listed has no ruling.",),
            ),
            Section(
                "automaton",
                "Automaton of the permitted paths",
                _STEPS,
                _steps(language),
                (_LANGUAGE,),
            ),
        ),
        drawing=lambda: policy_svg(policy),
    )


def _words(language: Language) -> Section[tuple[str, ...]]:
    written = expression(language)
    remarks = [f"In short: {written}"] if written else []
    if language.endless:
        remarks.append("Longer paths go in a cycle: there is no limit to their length.")
    title = "Permitted paths, by role"
    return Section("paths", title, _WORDS, [tuple(word) for word in language.words()], remarks)


def _steps(language: Language) -> list[_AutomatonStep]:
    found: dict[tuple[int, int], list[str]] = {}
    for (state, role), following in language.steps.items():
        found.setdefault((state, following), []).append(role)
    return [
        _AutomatonStep(state, tuple(roles), following, following in language.accepting)
        for (state, following), roles in sorted(found.items())
    ]
