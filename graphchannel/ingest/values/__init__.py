"""What is a number, a day, an identifier, a country, and no value: decided here for all of ingest.

A source's columns are read together: `Forms` says what is declared of how its sender writes, and
what is not declared its values decide.
"""

from __future__ import annotations

from graphchannel.ingest.values.forms import EXACT, OPEN, Forms, declared, unmistakable

__all__ = ["EXACT", "OPEN", "Forms", "declared", "unmistakable"]
