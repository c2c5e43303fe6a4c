"""Decides whether a role may do what a statement asks."""

from collections.abc import Iterable
from dataclasses import replace

from moclone_tui.demo.accounts import ADMIN_ROLES, SYS, Account, Grant, Role
from moclone_tui.demo.errors import no_privilege
from moclone_tui.demo.model import Database, Relation


class Rights:
    """What one session may do, by its account and roles."""

    def __init__(
        self, account: Account, role: Role, secondary: Iterable[str] = ()
    ) -> None:
        """Look through the eyes of `role`, and of others that help it."""
        self.account = account
        self.role = role
        self._names = [role.name, *secondary]
        self._used: set[Grant] = set()

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
        if not (self.is_admin or self._any(privilege, "account")):
            raise no_privilege()

    def require_on_database(self, privilege: str, database: Database | None) -> None:
        """Insist on a right on a database; only a right on all covers None.

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
        """Look for a right; one that was found stays, whatever becomes of it."""
        names = {privilege, f"{object_type} all", f"{object_type} ownership"}
        home = database.name if database else "*"
        table = relation.name if relation else "*"
        ids = {database.id if database else 0, relation.logical_id if relation else 0}
        for role in self.account.with_inherited(self._names):
            for grant in role.grants:
                if grant.privilege in names and grant.of_type(object_type):
                    if grant.object_id in ids - {0}:
                        found = replace(grant, database=home, object_id=0)
                        self._used.add(
                            found if grant.table == "*" else replace(found, table=table)
                        )
                    elif not grant.object_id:
                        self._used.add(grant)
        return any(
            grant.privilege in names
            and grant.of_type(object_type)
            and grant.database in ("*", home)
            and grant.table in ("*", table)
            for grant in self._used
        )
