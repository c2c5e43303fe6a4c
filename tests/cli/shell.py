"""moclone as a shell runs it, on a server."""

from __future__ import annotations

import os
import subprocess
import sys

from moclone_tui import Client
from moclone_tui.embedded import EmbeddedServer


def moclone(
    server: EmbeddedServer, *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "moclone_tui", *arguments],
        env=os.environ
        | {
            "MOCLONE_HOST": server.host,
            "MOCLONE_PORT": str(server.port),
            "MOCLONE_PASSWORD": server.password,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def databases(server: EmbeddedServer) -> set[str]:
    with Client(server.host, server.port, password=server.password) as client:
        return {each.name for each in client.metadata.databases()}
