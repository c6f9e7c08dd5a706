"""Questions that one query cannot answer, one room each.

`goods` follows goods from hand to hand, `bounds` says how many units can have gone where,
`coverage` where the channel is and where it has gaps, `siting` where to open and recruit, `kpi` how
the channel grows and sells. An analysis that a rule names with `@analysis` is a function of these
rooms, declared as `contract.py` says.
"""
