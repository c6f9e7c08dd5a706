"""Documents: one module a subject, with a pure function from a result to a `Document`."""
