"""`python -m graphchannel` is the command line."""

from __future__ import annotations

from graphchannel.cli import main

main(prog_name="graphchannel")
