"""Channel compliance you can read: partner files in, policy findings out."""

from __future__ import annotations

__version__ = "0.1.0"
