"""The generator and the demo network."""
