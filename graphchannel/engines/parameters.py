"""What every query knows: `$as_of`, the policy's parameters, and what the asker adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.schema import Kind

if TYPE_CHECKING:
    from graphchannel.compiler import CypherType
    from graphchannel.policy import Policy

__all__ = ["AS_OF", "parameter_types", "policy_parameters"]

AS_OF = "as_of"  # the reserved parameter: the day that is judged


def policy_parameters(policy: Policy) -> dict[str, object]:
    """Return the policy's parameters by name, None for those that it leaves unset."""
    return {name: parameter.value for name, parameter in policy.parameters.items()}


def parameter_types(policy: Policy) -> dict[str, CypherType]:
    """Return the types of `$as_of` and of the policy's parameters, whether they are set or not."""
    from graphchannel.compiler import ListType, ScalarType  # noqa: PLC0415 - imports lark

    types: dict[str, CypherType] = {AS_OF: ScalarType(Kind.DATE)}
    for parameter in policy.parameters.values():
        scalar = parameter.type.removeprefix("list of ")
        element = ScalarType(Kind(scalar))
        types[parameter.name] = (
            element if scalar == parameter.type else ListType(element, nullable=False)
        )
    return types
