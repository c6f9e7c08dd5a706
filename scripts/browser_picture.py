"""Take the picture in docs/images/: a finding in Neo4j Browser, with the style applied.

`python -m scripts.browser_picture` starts a server of its own; it needs Chromium.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel import ingest, resources
from graphchannel.demo.days import AS_OF
from graphchannel.demo.generate import generate
from graphchannel.findings import ScanOptions, scan
from graphchannel.neo4j import server as neo4j_server
from graphchannel.neo4j.browser import BrowserAddress
from graphchannel.neo4j.browser_style import grass
from graphchannel.neo4j.link import Login, connect
from graphchannel.neo4j.publishing import publish
from graphchannel.neo4j.views import finding_query
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.workspace import create_workspace
from tests.neo4j.chromium import browser_window

if TYPE_CHECKING:
    from graphchannel.neo4j.server import LocalServer

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "browser-finding.png"
_RULE = "territory/sale-outside-authorization"


def main() -> None:
    """Publish a generated network and take the picture of one of its findings."""
    catalogue = load_catalogue(resources.pack())
    with tempfile.TemporaryDirectory(prefix="graphchannel-pictures-") as name:
        folder = Path(name)
        generate(folder / "data", 400, 20_000, 3)
        server = neo4j_server.up(folder / "neo4j", usual_ports=False, say=print)
        try:
            login = Login(server.uri, server.user, server.password)
            with create_workspace(None, catalogue.policy) as workspace, connect(login) as link:
                ingest.load(workspace, [folder / "data"], catalogue.policy)
                result = scan(workspace, catalogue, ScanOptions(as_of=AS_OF))
                publish(workspace, link, AS_OF, findings=result)
                finding = next(f for f in result.findings() if f.rule == _RULE and f.lines > 5)
            _take(server, finding_query(finding), grass(catalogue.policy))
        finally:
            neo4j_server.down(folder / "neo4j")


def _take(server: LocalServer, query: str, style: str) -> None:
    address = BrowserAddress(server.browser, server.uri.replace("//", f"//{server.user}@"))
    with browser_window() as window:
        window.open(address.link(query))
        window.log_in(server.password)
        window.drop("graphchannel.grass", style)
        window.run()
        window.page.wait_for_timeout(6_000)  # until the nodes have come to rest
        window.picture(PICTURE)


if __name__ == "__main__":
    main()
