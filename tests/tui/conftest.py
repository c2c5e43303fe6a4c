"""A server with the sample data for each worker; names that are free; a proxy."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target

from .servers import Proxy
from .support import client_of, profile_of

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sample() -> Iterator[EmbeddedServer]:
    """The embedded server with its sample data; tests add to it, and take away."""
    with EmbeddedServer() as server:
        yield server


@pytest.fixture
def target(sample: EmbeddedServer) -> Target:
    """The sample, as a profile with a password leads to it."""
    return Target(profile_of(sample))


@pytest.fixture
def proxy(sample: EmbeddedServer) -> Iterator[Proxy]:
    """Stands before the sample and writes down what is sent."""
    between = Proxy(sample.port)
    yield between
    between.close()


@pytest.fixture
def made(sample: EmbeddedServer) -> Iterator[str]:
    """The beginning of names that are this test's own: dropped in the end."""
    prefix = f"t{next(_numbers)}_"
    yield prefix
    with client_of(sample) as client:
        for listed, what in (
            ("SELECT sname FROM mo_catalog.mo_snapshots", "SNAPSHOT"),
            ("SHOW DATABASES", "DATABASE"),
        ):
            for (name,) in client.execute(listed):
                if str(name).startswith(prefix):
                    client.execute(f"DROP {what} `{name}`")
