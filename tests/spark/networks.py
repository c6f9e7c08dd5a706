"""Files of a channel with rows that are wrong in every way that a load judges."""

from __future__ import annotations

import csv
import random
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "id,shipped_on,seller_id,buyer_id,product_id,quantity,amount,currency,document,reporter_id"


def small(folder: Path) -> Path:
    """Write a channel of few lines: each is wrong, or right, in a way of its own."""
    files = {
        "partners.csv": "id,name,country\nA,Alpha,DE\nB,Beta,FR\nC,Gamma,XX\nD,Delta,DE\n",
        "vendors.csv": "id,name\nV,Maker\n",
        "products.csv": "id,name\nP,Switch\nQ,Router\n",
        "certifications.csv": "holder_id,role,issuer_id,valid_from,valid_to\n"
        "A,distributor,V,2014-01-01,2015-01-15\nA,distributor,Z,2014-01-01,\n",
        "shipments_2015-01.csv": f"{HEADER}\n"
        "L1,2015-01-10,V,A,P,5,10.50,EUR,I1,\nL2,2015-01-20,A,B,P,3,,,I2,A\n"
        "L3,2015-02-30,A,B,P,3,1,EUR,I3,A\nL4,2015-01-21,A,X,P,3,1,EUR,I4,A\n"
        "L5,2015-01-21,A,b,P,-3,1,EUR,I5,A\n,2015-01-21,A,B,P,3,1,EUR,I6,A\n"
        "L7,2015-01-21,B,A,P,1,2,EUR,R7,B\nL8,2015-01-22,A,A,Q,1,2,EURO,I8,A\n"
        "L2,2015-01-20,A,B,P,3,,,I2,A\nL9,2015-01-23,A,B,P,4,9,EUR,I9,A,too,many\n",
        "shipments_2015-02.csv": "id;shipped_on;seller_id;buyer_id;product_id;quantity;Amount;"
        "currency\n"
        "M1;13.02.2015;V;A;Q;1.200;1.234,50;EUR\nM2;14.02.2015;A;B;Q;12;99,9;EUR\n"
        "L1;10.01.2015;V;A;P;6;10,50;EUR\nL7;21.01.2015;B;A;P;1;2;EUR\n"
        "M3;1.3.15;A;B;Q;many;1;EUR\n",
        "pos_a.csv": "invoice,line,ship_date,sold_by,sold_to,sku,quantity,price,currency,serial\n"
        "R1,1,2015-02-10,A,B,P,2,10,EUR,T1;T2\nR1,1,2015-02-20,A,B,P,-1,10,EUR,T1\n"
        "R2,1,2015-02-11,A,Y,P,two,10,EUR,T3\n",
        "shipments_more.csv": "id,document\nM1,I77\nM9,I78\n",
        "serials_2015.csv": "shipment_id,serial\nL1,S1\nl1,S2\nM2,S3\nM2,S3\nL4,S4\n0M2,S5\n"
        "none,S6\nM1,\n",
    }
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT 'N' || i AS id,
                (DATE '2015-03-01' + i::INTEGER)::TIMESTAMP AS shipped_on,
                'A' AS seller_id, 'B' AS buyer_id, 'P' AS product_id, i - 1 AS quantity,
                i / 3 AS amount, 'EUR' AS currency FROM range(8) AS r(i))
                TO '{folder}/shipments_march.parquet' (FORMAT parquet)"""
        )
    return folder


def spoilt(folder: Path, seed: int) -> Path:
    """Split the lines and units of a generated channel into files, and spoil some of the rows.

    Returns stand among them as they are generated; here parties become unknown, days none,
    quantities negative, and ids are used again, with the same content or another.
    """
    chance = random.Random(seed)  # noqa: S311 - the same rows for the same seed
    for name, parts in (("shipments", 4), ("serials", 2)):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        written: list[list[dict[str, str]]] = [[] for _ in range(parts)]
        for row in rows:
            kept, again = _spoilt(row, chance.randrange(6 * 20))
            written[chance.randrange(parts)].append(kept)
            written[chance.randrange(parts)] += again
        (folder / f"{name}.csv").unlink()
        for number, part in enumerate(written):
            with (folder / f"{name}_{number}.csv").open(
                "w", encoding="utf-8", newline=""
            ) as stream:
                writer = csv.DictWriter(stream, list(rows[0]))
                writer.writeheader()
                writer.writerows(part)
    return folder


def _spoilt(row: dict[str, str], kind: int) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return a row that is wrong in some way; or as it is, and another that uses its key again."""
    changes: tuple[dict[str, str], ...] = (
        {},
        {"quantity": "7"},
        {"seller_id": "nobody", "shipment_id": "nothing"},
        {"shipped_on": "2015-02-30", "shipment_id": row.get("shipment_id", "").lower()},
        {"quantity": "-4", "serial": ""},
        {"product_id": row.get("product_id", "").lower(), "amount": "a lot"},
    )
    if kind >= len(changes):
        return row, []
    other = {name: changes[kind].get(name, value) for name, value in row.items()}
    return (row, [other]) if kind < 2 else (other, [])
