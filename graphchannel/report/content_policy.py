"""What a page's content security policy calls the scripts and styles that belong to the page."""

from __future__ import annotations

import base64
import hashlib

__all__ = ["source_hash"]


def source_hash(text: str) -> str:
    """Return the name of an inline script or style, to stand between single quotes."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
