"""Rule files: header, catalogue, scan."""
