"""Two questions as an analyst would answer them from the files, without graphchannel.

`python -m bench.peers PEER QUESTION FOLDER AS_OF` prints the answer as JSON, or null where the
library is not installed. *uncertified*: how many pairs of a seller without a role on the day and a
buyer there are, and how many lines. *both-ways*: how many pairs of partners supplied one another.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ABSENT = None
ROLES = ("distributor", "vap", "platinum", "gold", "silver", "recognized")
FOREVER = "9999-12-31"


def uncertified_by_pandas(folder: Path, as_of: str) -> list[int]:
    """Join each line with the certificates of its seller, and keep those that none covers."""
    import pandas as pd  # noqa: PLC0415 - one peer a process

    columns = ["id", "shipped_on", "seller_id", "buyer_id", "quantity"]
    lines = pd.read_csv(folder / "shipments.csv", usecols=columns)
    sellers = pd.read_csv(folder / "partners.csv", usecols=["id"])["id"]
    lines = lines[(lines["quantity"] > 0) & (lines["seller_id"] != lines["buyer_id"])]
    lines = lines[(lines["shipped_on"] <= as_of) & lines["seller_id"].isin(sellers)]
    held = pd.read_csv(folder / "certifications.csv").query("role in @ROLES")
    held = held.assign(valid_to=held["valid_to"].fillna(FOREVER))
    both = lines.merge(held[["holder_id", "valid_from", "valid_to"]], left_on="seller_id",
                       right_on="holder_id")  # fmt: skip
    during = both["shipped_on"].between(both["valid_from"], both["valid_to"])
    found = lines[~lines["id"].isin(both[during]["id"])]
    return [len(found.drop_duplicates(["seller_id", "buyer_id"])), len(found)]


def uncertified_by_polars(folder: Path, as_of: str) -> list[int]:
    """Do the same lazily: the files are read as far as they are needed."""
    import polars as pl  # noqa: PLC0415 - with it

    sellers = pl.scan_csv(folder / "partners.csv").select(seller_id="id")
    lines = (
        pl.scan_csv(folder / "shipments.csv")
        .select("id", "shipped_on", "seller_id", "buyer_id", "quantity")
        .filter(pl.col("quantity") > 0, pl.col("seller_id") != pl.col("buyer_id"))
        .filter(pl.col("shipped_on") <= as_of)
        .join(sellers, on="seller_id", how="semi")
    )
    held = (
        pl.scan_csv(folder / "certifications.csv")
        .filter(pl.col("role").is_in(ROLES))
        .select(pl.col("holder_id"), "valid_from", pl.col("valid_to").fill_null(FOREVER))
    )
    covered = lines.join(held, left_on="seller_id", right_on="holder_id").filter(
        pl.col("shipped_on").is_between("valid_from", "valid_to")
    )
    found = lines.join(covered, on="id", how="anti").collect()
    return [found.select("seller_id", "buyer_id").n_unique(), found.height]


def both_ways_by_networkx(folder: Path, _: str) -> list[int]:
    """Let the partners be a directed graph, and count the edges that go back."""
    import networkx as nx  # noqa: PLC0415 - with it

    with (folder / "partners.csv").open(encoding="utf-8", newline="") as stream:
        partners = {row["id"] for row in csv.DictReader(stream)}
    with (folder / "shipments.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        graph = nx.DiGraph((row["seller_id"], row["buyer_id"]) for row in rows)
    among = graph.subgraph(partners)
    return [sum(seller < buyer and among.has_edge(buyer, seller) for seller, buyer in among.edges)]


PEERS: dict[tuple[str, str], Callable[[Path, str], list[int]]] = {
    ("pandas", "uncertified"): uncertified_by_pandas,
    ("polars", "uncertified"): uncertified_by_polars,
    ("networkx", "both-ways"): both_ways_by_networkx,
}


def main(peer: str, question: str, folder: str, as_of: str) -> None:
    """Print one answer."""
    there = importlib.util.find_spec(peer) is not None
    print(json.dumps(PEERS[peer, question](Path(folder), as_of) if there else ABSENT))


if __name__ == "__main__":
    main(*sys.argv[1:])
