"""Accounts, users, roles and what each role may do."""

import itertools
from dataclasses import dataclass, field
from hashlib import sha1

from moclone_tui.demo.errors import internal

SYS = 0
ADMIN_ROLES = {"moadmin", "accountadmin"}
PUBLIC_ROLE = 1

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
        object_type: `account`, `database` or `table`.
        database: Which database; `*` for all.
        table: Which table; `*` for all.
        object_id: The identity it was given on: it does not survive the object.
        granted: When.
    """

    privilege: str
    object_type: str
    database: str = "*"
    table: str = "*"
    object_id: int = 0
    granted: int = 0


@dataclass(slots=True)
class Role:
    """A named set of rights."""

    id: int
    name: str
    created: int
    grants: set[Grant] = field(default_factory=set)


@dataclass(slots=True)
class User:
    """Somebody who can log in."""

    id: int
    name: str
    created: int
    password_hash: str
    default_role: str
    roles: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Account:
    """A tenant: it sees its own databases only."""

    id: int
    name: str
    admin: str
    created: int
    comments: str = ""
    users: dict[str, User] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)

    @property
    def admin_role(self) -> str:
        """The role that may do everything here."""
        return "moadmin" if self.id == SYS else "accountadmin"

    def system_databases(self) -> list[str]:
        """The databases that are there from the start."""
        return [d for d in SYSTEM_DATABASES if self.id == SYS or d not in _SYS_ONLY]

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
        del self._by_name[name]

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
        user.roles = {"public", user.default_role}
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
        account.roles[account.admin_role] = Role(role_id, account.admin_role, created)
        account.roles["public"] = Role(PUBLIC_ROLE, "public", created)
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
