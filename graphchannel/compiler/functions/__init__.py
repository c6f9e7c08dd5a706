"""The functions of portable Cypher: one table, for the lowering and for the documentation."""

from graphchannel.compiler.functions.aggregates import AGGREGATES, has_aggregate, is_aggregate
from graphchannel.compiler.functions.dates import date_part
from graphchannel.compiler.functions.durations import duration_part
from graphchannel.compiler.functions.graph import all_properties
from graphchannel.compiler.functions.moments import moment_part
from graphchannel.compiler.functions.signature import Function
from graphchannel.compiler.functions.table import FUNCTIONS, call

__all__ = [
    "AGGREGATES",
    "FUNCTIONS",
    "Function",
    "all_properties",
    "call",
    "date_part",
    "duration_part",
    "has_aggregate",
    "is_aggregate",
    "moment_part",
]
