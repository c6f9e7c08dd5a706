"""Small random channels in which nearly every rule of the pack has something to find.

Values may be missing, certificates have gaps and overlap, many lines share a day, units carry
serial numbers that do not always fit, and lines come twice.
"""
