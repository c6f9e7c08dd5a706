"""A network between the driver and a server that goes wrong once, at a place that a test names."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Fault", "Kind", "proxied"]

Kind = Literal["delay", "drop", "reset", "half-close", "cut", "silence"]
_CHUNK = 4096
_DELAY = 1.5  # seconds
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong as the chunk of that number is to be passed on, counted over both directions.

    `delay` passes it on late, `drop` closes both ends without it, `reset` does so with a reset,
    `half-close` ends one direction only, `cut` passes half of it on and then closes, `silence`
    passes on nothing more and closes nothing. With `stays`, no connection is taken afterwards.
    """

    kind: Kind
    chunk: int
    stays: bool = False


@dataclass(slots=True)
class _Proxy:
    server: tuple[str, int]
    fault: Fault
    listener: socket.socket
    passed: int = 0
    happened: bool = False
    closed: bool = False
    open: list[socket.socket] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.happened and self.fault.stays:
                client.close()
                continue
            server = socket.create_connection(self.server)
            self.open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        silent = False
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                if silent:
                    continue
                if not self._is_due():
                    sink.sendall(chunk)
                elif self.fault.kind == "delay":
                    time.sleep(_DELAY)
                    sink.sendall(chunk)
                elif self.fault.kind == "half-close":
                    sink.shutdown(socket.SHUT_WR)
                    silent = True
                elif self.fault.kind == "silence":
                    silent = True
                else:
                    if self.fault.kind == "cut":
                        sink.sendall(chunk[: len(chunk) // 2])
                    self._end(source, sink)
                    return
        _close(source, sink)

    def _is_due(self) -> bool:
        with self.lock:
            self.passed += 1
            due = not self.happened and self.passed > self.fault.chunk
            self.happened |= due
            return due

    def _end(self, *ends: socket.socket) -> None:
        if self.fault.kind == "reset":
            for end in ends:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        _close(*ends)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def proxied(port: int, fault: Fault) -> Iterator[_Proxy]:
    """Listen on loopback and pass on to `port` there; `listener` tells where."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = _Proxy(("127.0.0.1", port), fault, listener)
        thread = threading.Thread(target=proxy.serve, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            _close(listener)
            _close(*proxy.open)
            thread.join()
