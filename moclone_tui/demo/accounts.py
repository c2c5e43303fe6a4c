"""Accounts, users, roles and what each role may do."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha1

from moclone_tui.demo.errors import internal

SYS = 0
ADMIN_ROLES = {"moadmin", "accountadmin"}
PUBLIC_ROLE = 1

_BY_TYPE = {
    "account": {
        "create account": 0, "drop account": 1, "alter account": 2, "create user": 3,
        "drop user": 4, "alter user": 5, "create role": 6, "drop role": 7,
        "create database": 9, "drop database": 10, "show databases": 11, "connect": 12,
        "manage grants": 13, "account all": 14, "upgrade account": 42,
    },
    "database": {
        "show tables": 18, "create table": 20, "create view": 21, "drop table": 23,
        "drop view": 24, "alter table": 26, "alter view": 27, "database all": 28,
        "database ownership": 29,
    },
    "table": {
        "select": 30, "insert": 31, "update": 32, "truncate": 33, "delete": 34,
        "reference": 35, "index": 36, "table all": 37, "table ownership": 38,
        "values": 41,
    },
}  # fmt: skip
PRIVILEGES = {name: n for names in _BY_TYPE.values() for name, n in names.items()}
"""The server's number of each right."""

_SYS_RIGHTS = {"create account", "drop account", "alter account", "upgrade account"}

SYSTEM_DATABASES = (
    "information_schema",
    "mo_catalog",
    "mo_debug",
    "mo_task",
    "mysql",
    "system",
    "system_metrics",
)
_SYS_ONLY = {"mo_debug", "mo_task"}


@dataclass(frozen=True, slots=True)
class Grant:
    """A right that a role has.

    Attributes:
        privilege: What it allows, lower case.
        object_type: `account`, `database`, `table` or `view`.
        database: Which database; `*` for all.
        table: Which table; `*` for all.
        object_id: The identity it was given on: it does not survive the object.
        granted: When.
        with_option: Whether it may be handed on.
    """

    privilege: str
    object_type: str
    database: str = "*"
    table: str = "*"
    object_id: int = 0
    granted: int = 0
    with_option: bool = False

    def of_type(self, object_type: str) -> bool:
        """Whether it is about such objects; views are tables here."""
        return object_type == self.object_type.replace("view", "table")


@dataclass(slots=True)
class Role:
    """A named set of rights.

    Attributes:
        grants: Its rights.
        inherited: The roles granted to it, whose rights it has too.
    """

    id: int
    name: str
    created: int
    grants: set[Grant] = field(default_factory=set)
    inherited: set[str] = field(default_factory=set)


@dataclass(slots=True)
class User:
    """Somebody who can log in.

    Attributes:
        roles: The roles granted, and whether they may be handed on.
    """

    id: int
    name: str
    created: int
    password_hash: str
    default_role: str
    roles: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class Account:
    """A tenant: it sees its own databases only."""

    id: int
    name: str
    admin: str
    created: int
    comments: str = ""
    status: str = "open"
    users: dict[str, User] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)

    @property
    def admin_role(self) -> str:
        """The role that may do everything here."""
        return "moadmin" if self.id == SYS else "accountadmin"

    def system_databases(self) -> list[str]:
        """The databases that are there from the start."""
        return [d for d in SYSTEM_DATABASES if self.id == SYS or d not in _SYS_ONLY]

    def with_inherited(self, roles: Iterable[str]) -> list[Role]:
        """Roles with those that they were granted, directly or not."""
        found: dict[str, Role] = {}
        waiting = list(roles)
        while waiting:
            name = waiting.pop()
            if name not in found and name in self.roles:
                found[name] = self.roles[name]
                waiting += self.roles[name].inherited
        return list(found.values())

    def user(self, name: str) -> User:
        """A user by name.

        Raises:
            ServerError: 20101 if there is none.
        """
        if name not in self.users:
            raise internal(f"there is no user {name}")
        return self.users[name]

    def role(self, name: str) -> Role:
        """A role by name.

        Raises:
            ServerError: 20101 if there is none.
        """
        if name not in self.roles:
            raise internal(f"there is no role {name}")
        return self.roles[name]


def password_hash(password: str) -> str:
    """What mysql_native_password keeps of a password."""
    inner = sha1(password.encode(), usedforsecurity=False).digest()
    return sha1(inner, usedforsecurity=False).hexdigest()


class Accounts:
    """Every account of the server."""

    def __init__(self, password: str, created: int) -> None:
        """Make the account sys with its user root."""
        self._ids = itertools.count(1)
        self._user_ids = itertools.count(0)
        self._role_ids = itertools.count(3)
        self._by_name: dict[str, Account] = {}
        self._gone: dict[str, Account] = {}
        self._add(SYS, "sys", "root", password, created).comments = "system account"

    def __iter__(self) -> "itertools.chain[Account]":
        """In the order of their making."""
        return itertools.chain(self._by_name.values())

    def get(self, name: str) -> Account | None:
        """An account by name, if there is one."""
        return self._by_name.get(name)

    def by_id(self, account_id: int) -> Account | None:
        """An account by its number, if there is one."""
        return next((a for a in self if a.id == account_id), None)

    def create(self, name: str, admin: str, password: str, created: int) -> Account:
        """Make an account with its administrator.

        Raises:
            ServerError: 20101 if the name is taken.
        """
        if name in self._by_name:
            raise internal(f"the tenant {name} exists")
        return self._add(next(self._ids), name, admin, password, created)

    def drop(self, name: str) -> None:
        """Take an account away."""
        self._gone[name] = self._by_name.pop(name)

    def bring_back(self, name: str) -> None:
        """Have an account again that was dropped, if it was."""
        if name in self._gone and name not in self._by_name:
            self._by_name[name] = self._gone.pop(name)

    def add_user(
        self, account: Account, name: str, password: str, created: int, role: str = ""
    ) -> User:
        """Make a user.

        Raises:
            ServerError: 20101 if the name is taken.
        """
        if name in account.users:
            raise internal(f"the user {name} exists")
        user = User(
            next(self._user_ids),
            name,
            created,
            password_hash(password),
            role or "public",
        )
        user.roles = {"public": True, user.default_role: True}
        account.users[name] = user
        return user

    def add_role(self, account: Account, name: str, created: int) -> Role:
        """Make a role.

        Raises:
            ServerError: 20101 if the name is taken.
        """
        if name in account.roles:
            raise internal(f"the role {name} exists")
        account.roles[name] = Role(next(self._role_ids), name, created)
        return account.roles[name]

    def _add(
        self, account_id: int, name: str, admin: str, password: str, created: int
    ) -> Account:
        account = Account(account_id, name, admin, created)
        role_id = 0 if account_id == SYS else 2
        ruler = Role(role_id, account.admin_role, created)
        ruler.grants = {
            Grant(right, kind, granted=created, with_option=right not in _SYS_RIGHTS)
            for kind, rights in _BY_TYPE.items()
            for right in rights
            if account_id == SYS or right not in _SYS_RIGHTS
        }
        public = Role(PUBLIC_ROLE, "public", created)
        public.grants = {Grant("connect", "account", granted=created, with_option=True)}
        account.roles.update({ruler.name: ruler, public.name: public})
        self.add_user(account, admin, password, created, account.admin_role)
        self._by_name[name] = account
        return account


@dataclass(frozen=True, slots=True)
class Login:
    """A login name taken apart: `account#user#role`, with `:` as good as `#`."""

    account: str
    user: str
    role: str | None


def parse_login(text: str) -> Login:
    """Take a login name apart."""
    parts = text.replace(":", "#").split("#")
    if len(parts) == 1:
        return Login("sys", parts[0], None)
    return Login(parts[0].lower(), parts[1], parts[2].lower() if parts[2:] else None)
