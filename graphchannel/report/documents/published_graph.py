"""A graph on a Neo4j server as documents: which servers run here, and how a graph differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Page, Section, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.neo4j.server import LocalServer
    from graphchannel.neo4j.verify import Comparison

__all__ = ["comparison_document", "server_text", "servers_document"]

_SERVERS: tuple[Column[LocalServer], ...] = (
    Column("version", lambda server: server.version),
    Column("process", lambda server: server.pid, "number"),
    Column("drivers", lambda server: server.uri),
    Column("browser", lambda server: server.browser),
    Column("user", lambda server: server.user),
    Column("password_file", lambda server: str(server.password_file)),
)
_KIND: tuple[Column[Comparison], ...] = (
    Column("name", lambda one: one.name, head="kind"),
    Column("in_workspace", lambda one: one.in_workspace, "count", "workspace"),
    Column("in_graph", lambda one: one.in_graph, "count", "graph"),
)
_COMPARED: tuple[Column[Comparison], ...] = (
    *_KIND,
    Column("equal", lambda one: one.equal),
    Column("workspace_checksum", lambda one: one.workspace_checksum),
    Column("graph_checksum", lambda one: one.graph_checksum),
    Column("examples", lambda one: list(one.examples)),
)
_VERDICTS: tuple[Column[Comparison], ...] = (*_KIND, Column("checksum", lambda one: _verdict(one)))


def servers_document(servers: Sequence[LocalServer]) -> Document:
    """Tell how to reach each server that runs here."""
    none = "No Neo4j server runs here; start one with 'graphchannel neo4j up'."
    page = Page(servers, text=server_text)
    return listing(Section("servers", "", _SERVERS, servers, empty=none, page=page))


def server_text(server: LocalServer) -> str:
    """Say how to reach a server, a line for each address."""
    return (
        f"Neo4j {server.version} runs (process {server.pid}).\n"
        f"  drivers   {server.uri}\n"
        f"  Browser   {server.browser}\n"
        f"  user      {server.user}\n"
        f"  password  in {server.password_file}"
    )


def comparison_document(compared: Sequence[Comparison]) -> Document:
    """Tell of each label and relationship type whether workspace and graph hold the same."""
    return listing(Section("kinds", "", _COMPARED, compared, page=Page(compared, _VERDICTS)))


def _verdict(one: Comparison) -> str:
    return one.workspace_checksum if one.equal else f"differs, such as {', '.join(one.examples)}"
