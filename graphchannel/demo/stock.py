"""What clean partners sell they have bought before: products and quantities follow the goods.

Lines are positions in a chunk, in order of day. Each chunk is in balance by itself, and so are all
of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphchannel.demo.trade import INTO_A_PARTNER

if TYPE_CHECKING:
    from graphchannel.demo.draws import Draws, Ints
    from graphchannel.demo.trade import Pairs

_RECENT = 8  # a sale is from one of so many purchases before it


def restocked(pairs: Pairs, pair: Ints) -> Ints:
    """Turn sales of partners that have bought nothing yet into purchases; return all pairs."""
    pair = pair.copy()
    position = np.arange(len(pair))
    while True:
        bought = np.full(len(pairs.supply) + 1, len(pair))
        np.minimum.at(bought, pairs.buyer[pair], position)
        early = np.flatnonzero((pairs.supply[pair] >= 0) & (bought[pairs.seller[pair]] > position))
        if len(early) == 0:
            return pair
        _, firsts = np.unique(pairs.seller[pair[early]], return_index=True)
        pair[early[firsts]] = pairs.supply[pair[early[firsts]]]


def sources(pairs: Pairs, pair: Ints, draws: Draws) -> Ints:
    """Draw for each line the earlier purchase that its goods are from, -1 for the vendor's."""
    count = len(pair)
    buyer, seller = pairs.buyer[pair], pairs.seller[pair]
    purchases = np.flatnonzero(np.isin(pairs.flows[pair], INTO_A_PARTNER))
    purchases = purchases[np.argsort(buyer[purchases], kind="stable")]
    keys = buyer[purchases] * count + purchases  # in order: by buyer, then by position
    before = np.searchsorted(keys, seller * count + np.arange(count))
    known = before - np.searchsorted(keys, seller * count)
    back = (draws.uniform(count) * np.minimum(known, _RECENT)).astype(np.int64)
    return np.where(pairs.supply[pair] >= 0, purchases[np.maximum(before - 1 - back, 0)], -1)


def handed_down(pairs: Pairs, pair: Ints, source: Ints, product: Ints) -> Ints:
    """Give each line the product of its source, first within the channel, then out of it."""
    product = product.copy()
    flows = pairs.flows[pair]
    for lines in (np.flatnonzero(flows == 2), np.flatnonzero(flows > 2)):
        product[lines] = product[source[lines]]
    return product


def enough(pairs: Pairs, pair: Ints, source: Ints, quantity: Ints) -> Ints:
    """Raise the quantity of purchases to what was sold from them."""
    quantity = quantity.copy()
    flows = pairs.flows[pair]
    for lines in (np.flatnonzero(flows > 2), np.flatnonzero(flows == 2)):
        sold = np.zeros(len(pair), dtype=np.int64)
        np.add.at(sold, source[lines], quantity[lines])
        quantity = np.maximum(quantity, sold)
    return quantity
