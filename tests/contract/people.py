"""Roles with users of their own: what they may is tried by logging in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from moclone_tui import Client, PermissionDenied

if TYPE_CHECKING:
    from tests.conftest import Names, Server


class People:
    """Roles, each with one user; whatever they may is tried by logging in."""

    def __init__(self, server: Server, client: Client, names: Names) -> None:
        self._server, self._client, self._names = server, client, names
        self.users: list[str] = []

    def add(self, name: str, *rights: str) -> str:
        """A role with some rights, and a user who has it."""
        role, user = self._names(name), self._names("u" + name)
        self.users.append(user)
        self._client.execute(f"CREATE ROLE {role}")
        self._client.execute(f"CREATE USER {user} IDENTIFIED BY '111'")
        self._client.execute(f"GRANT {role} TO {user}")
        self.give(role, *rights)
        return role

    def give(self, role: str, *rights: str) -> None:
        for right in rights:
            granted, option, _ = right.partition(" WITH GRANT OPTION")
            self._client.execute(f"GRANT {granted} TO {role}{option}")

    @contextmanager
    def login(self, role: str) -> Iterator[Client]:
        user = self._names("u" + role.removeprefix(self._names.prefix))
        with self._server.client(user=f"sys#{user}#{role}", password="111") as made:
            yield made

    def may(self, role: str, *statements: str) -> list[bool]:
        """Which statements the user of a role may run, all in one new login."""
        with self.login(role) as login:
            return [_may(login, statement) for statement in statements]

    def drop(self) -> None:
        """Drop the users; roles are dropped by their names."""
        for user in self.users:
            self._client.execute(f"DROP USER {user}")


def _may(login: Client, statement: str) -> bool:
    try:
        login.execute(statement)
    except PermissionDenied:
        return False
    return True
