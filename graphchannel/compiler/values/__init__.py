"""What expressions are lowered to, and what can be done with values of each type."""
