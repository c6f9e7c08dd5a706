"""Senders: `senders/<name>.toml` files that map a sender's own columns to canonical ones."""
