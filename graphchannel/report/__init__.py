"""Reports: one module per format, each a function from a scan's result to a stream."""
