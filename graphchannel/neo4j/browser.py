"""Links into Neo4j Browser that open with a query in its editor."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from graphchannel.errors import EngineError
from graphchannel.neo4j.link import SCHEMES
from graphchannel.text import without_password

__all__ = ["BrowserAddress", "browser_address"]

_PATH = "/browser/"
_PORTS = {"http": 7474, "https": 7473}


@dataclass(frozen=True, slots=True)
class BrowserAddress:
    """Where Neo4j Browser is served, and the server it is to connect to (None: its own)."""

    page: str
    server: str | None = None

    def link(self, query: str) -> str:
        """Return the address that opens Browser with `query` in the editor, ready to run."""
        values = {"dbms": self.server, "cmd": "edit", "arg": query}
        given = (f"{name}={quote(value, safe='')}" for name, value in values.items() if value)
        return f"{self.page}?{'&'.join(given)}"


def browser_address(url: str) -> BrowserAddress:
    """Read the address of a Neo4j server: its Browser's, or the one that drivers connect to.

    Raises EngineError for anything else.

    >>> browser_address("http://graph:7474")
    BrowserAddress(page='http://graph:7474/browser/', server=None)
    >>> browser_address("neo4j+s://graph:7687")
    BrowserAddress(page='https://graph:7473/browser/', server='neo4j+s://graph:7687')
    """
    try:
        parts = urlsplit(url)
        host, user, _ = parts.hostname, parts.username, parts.port
    except ValueError:
        host = None
    if not host or parts.password or parts.scheme not in {*_PORTS, *SCHEMES}:
        raise EngineError(
            f"'{without_password(url)}' is no address of a Neo4j server; expected "
            "http://host:7474/browser/ or neo4j://host:7687, without a password."
        )
    if parts.scheme in _PORTS:
        path = _PATH if parts.path in {"", "/"} else parts.path
        return BrowserAddress(urlunsplit((parts.scheme, parts.netloc, path, "", "")))
    scheme = "https" if "+" in parts.scheme else "http"
    shown = f"[{host}]" if ":" in host else host
    server = f"{parts.scheme}://{f'{user}@' if user else ''}{shown}:{parts.port or 7687}"
    return BrowserAddress(f"{scheme}://{shown}:{_PORTS[scheme]}{_PATH}", server)
