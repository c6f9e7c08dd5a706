"""What a policy permits, as a result of several tables: its paths, its rulings, its automaton."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.policy.path_language import expression, path_language
from graphchannel.report.sections import Document, Section

if TYPE_CHECKING:
    from graphchannel.policy import Policy
    from graphchannel.policy.path_language import Language

__all__ = ["policy_document"]

_ARROW = " → "


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
        sections=(_words(language), _rulings(policy), _automaton(language)),
    )


def _words(language: Language) -> Section:
    written = expression(language)
    remarks = [f"In short: {written}"] if written else []
    if language.endless:
        remarks.append("Longer ones go round in a circle: there is no end of them.")
    return Section(
        "paths",
        "Permitted paths, by role",
        ("path",),
        [(_ARROW.join(word),) for word in language.words()],
        tuple(remarks),
    )


def _rulings(policy: Policy) -> Section:
    return Section(
        "hops",
        "Rulings on hops",
        ("seller", "buyer", "ruling", "section", "rule"),
        [
            (entry.seller, entry.buyer, entry.ruling, entry.section, entry.rule)
            for entry in policy.supply
        ],
        ("A pair that is not listed has no ruling.",),
    )


def _automaton(language: Language) -> Section:
    rows: dict[tuple[int, int], list[str]] = {}
    for (state, role), following in language.steps.items():
        rows.setdefault((state, following), []).append(role)
    return Section(
        "automaton",
        "Automaton of the permitted paths",
        ("state", "role", "next", "ends"),
        [
            (state, " | ".join(roles), following, "yes" if following in language.accepting else "")
            for (state, following), roles in sorted(rows.items())
        ],
        ("A path begins in state 0; a role without a row in its state leaves the language.",),
    )
