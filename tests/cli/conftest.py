"""The server that commands are run on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moclone_tui.embedded import EmbeddedServer


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """An embedded server with its sample data."""
    with EmbeddedServer() as running:
        yield running
