"""Decides whether a role may do what a statement asks."""

from moclone_tui.demo.accounts import ADMIN_ROLES, SYS, Account, Grant, Role
from moclone_tui.demo.errors import no_privilege
from moclone_tui.demo.model import Database, Relation

_EVERYTHING = {
    "account": {"account all", "all", "ownership"},
    "database": {"database all", "all", "ownership"},
    "table": {"table all", "all", "ownership"},
}


class Rights:
    """What one session may do, by its account and role."""

    def __init__(self, account: Account, role: Role) -> None:
        """Look through the eyes of `role`."""
        self.account = account
        self.role = role

    @property
    def is_admin(self) -> bool:
        """Whether everything in the account is allowed."""
        return self.role.name in ADMIN_ROLES

    @property
    def is_sys(self) -> bool:
        """Whether this is the account that rules the others."""
        return self.account.id == SYS

    def require_admin(self) -> None:
        """Insist on an administrator.

        Raises:
            ServerError: 20101.
        """
        if not self.is_admin:
            raise no_privilege()

    def require_on_account(self, privilege: str) -> None:
        """Insist on a right that concerns the account as a whole.

        Raises:
            ServerError: 20101.
        """
        if self.is_admin or self._any(privilege, "account"):
            return
        raise no_privilege()

    def require_on_database(self, privilege: str, database: Database | None) -> None:
        """Insist on a right on a database.

        Raises:
            ServerError: 20101.
        """
        if self.is_admin or self._any(privilege, "database", database):
            return
        if database is not None and database.owner == self.role.id:
            return
        raise no_privilege()

    def require_to_define(
        self, privilege: str, database: Database, relation: Relation
    ) -> None:
        """Insist on a right on the database, or on owning the object in it.

        Raises:
            ServerError: 20101.
        """
        if relation.owner != self.role.id or relation.cloned:
            self.require_on_database(privilege, database)

    def require_on_table(
        self, privilege: str, database: Database | None, relation: Relation
    ) -> None:
        """Insist on a right on a table or view.

        Raises:
            ServerError: 20101.
        """
        if self.is_admin:
            return
        if self._any(privilege, "table", database, relation):
            return
        if relation.owner == self.role.id and not relation.cloned:
            return
        raise no_privilege()

    def _any(
        self,
        privilege: str,
        object_type: str,
        database: Database | None = None,
        relation: Relation | None = None,
    ) -> bool:
        allowed = {privilege, *_EVERYTHING[object_type]}
        return any(
            grant.privilege in allowed
            and grant.object_type == object_type
            and _covers(grant, database, relation)
            for grant in self.role.grants
        )


def _covers(grant: Grant, database: Database | None, relation: Relation | None) -> bool:
    if database is None or grant.database == "*":
        return True
    if grant.database != database.name:
        return False
    if relation is None:
        return grant.object_id in (0, database.id)
    if grant.table == "*":
        return True
    return grant.table == relation.name and grant.object_id in (0, relation.id)
