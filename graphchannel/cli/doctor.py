"""`graphchannel doctor`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graphchannel.cli._config import read_config
from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._options import workspace_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.errors import GraphChannelError

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.cli._config import Value
    from graphchannel.cli._printing import Printing

GROUP = "admin"


@example("graphchannel doctor", "graphchannel doctor --format json --output doctor.json")
@click.command("doctor")
@workspace_option
@printing_options()
def command(workspace: Path, printing: Printing) -> None:
    """Look at versions, workspace, disk and settings.

    For support: nothing is sent anywhere, and no password is shown. The whole workspace is read.
    Exit code: 0 all is well, 1 something is wrong.
    """
    from graphchannel.channel.diagnosis import Examined, diagnose  # noqa: PLC0415 - not for help
    from graphchannel.report.documents.diagnosis import diagnosis_document  # noqa: PLC0415 - with it

    settings: dict[str, Value] = {}
    unread: list[Examined] = []
    try:
        settings = read_config()
    except GraphChannelError as error:
        unread = [Examined("settings", "graphchannel.toml", "wrong", str(error))]
    checks = [*diagnose(workspace, settings), *unread]
    print_document(diagnosis_document(checks), printing)
    sys.exit(Exit.FINDINGS if any(check.state == "wrong" for check in checks) else Exit.CLEAN)
