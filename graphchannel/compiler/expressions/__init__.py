"""Expressions: syntax tree in, values out."""
