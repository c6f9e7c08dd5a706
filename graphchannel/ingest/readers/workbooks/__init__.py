"""Cells of workbooks: their text as people see it, and what makes them unfit to be read."""
