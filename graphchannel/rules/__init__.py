"""Rule files: header, catalogue, queries made ready to run, and what a rule needs."""
