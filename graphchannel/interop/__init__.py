"""Findings and graphs in the values of other libraries. Each module needs an extra of its own."""
