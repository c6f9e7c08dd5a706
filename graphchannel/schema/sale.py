"""What a line says of the sale that it is, as texts: they show whether another is the same one.

No single value of each line can be equal where two lines are one sale: a sender's key also counts
against lines of others, and two of those that his line is one sale with may be two sales by their
own keys. So a line carries what its own key asks for (`sale`) and all that any key can ask for
(`says`). Seller, buyer and product are in every key, and in neither text.
"""

from __future__ import annotations

from graphchannel.schema.columns import BUSINESS_KEY, SAME_SALE

__all__ = ["SALE", "SAYS"]


_TYPED = ("shipped_on", "quantity", "amount")  # what these are written as has no sign to part texts


def _key_part(name: str, column: str) -> str:
    """Write a column's value so that it is within no text that tells another value."""
    value = column if column in _TYPED else f"url_encode({column})"
    return f"""'{name}="', {value}, '"'"""


_ALWAYS = ("seller_id", "buyer_id", "product_id")
_TOLD = {name: _key_part(name, name) for name in SAME_SALE if name not in _ALWAYS}
_NUMBER = "split_part(same_sale, '; ', 2)"  # of a second line that is alike, and of no other

# In few functions: whatever is asked of lines, all of this is bound anew.
_USUAL = ", '; ', ".join(told for name, told in _TOLD.items() if name in BUSINESS_KEY)
_ALL = ", '; ', ".join(_TOLD.values())
_OWN = ", ".join(
    [
        f"CASE WHEN contains(same_sale, '{name}') THEN concat({told}) END"
        for name, told in _TOLD.items()
    ]
    + [f"CASE WHEN {_NUMBER} <> '' THEN concat({_key_part('number', _NUMBER)}) END"]
)

# SQL over the table `shipments`.
SALE = f"""CASE WHEN same_sale IS NOT NULL THEN concat_ws('; ', {_OWN})
    WHEN document IS NOT NULL THEN concat({_USUAL}) END"""
SAYS = f"""CASE WHEN coalesce({_NUMBER}, '') = '' THEN concat({_ALL}) END"""
