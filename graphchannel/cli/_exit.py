"""Exit codes, the same in every command."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    CLEAN = 0
    FINDINGS = 1  # scan: findings at or above --fail-on; load: some rows were rejected
    FAILED = 2  # the job could not be done; also click's code for wrong usage
    INTERRUPTED = 130  # by Ctrl-C; 128 + SIGINT, as in a shell
    STOPPED = 143  # by SIGTERM, as cron, systemd and CI send it; 128 + SIGTERM, as in a shell
    UNREAD = 141  # nobody read the output to its end, as in `| head`; 128 + SIGPIPE, as in a shell
