"""Loaders: `loaders/<source>.sql` files that turn any source into rows of canonical tables."""
