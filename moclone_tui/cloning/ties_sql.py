"""What is asked about ties, and how they are made again: pure functions, text out.

Every question gives rows of a tag and seven texts, so that all of them are one UNION.
What is not there is NULL: beside an empty string, 4.2 loses what the other parts have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moclone_tui.api import TableName, sql
from moclone_tui.api.names import fold, quote

WIDTH = 7
"""How many texts a row has behind its tag."""

SHOW_PUBLICATIONS = "SHOW PUBLICATIONS"
"""Publications, for the accounts that have no table of them."""

ROLE = "SELECT current_role_name()"
"""The role that the login has taken on."""

CLOCK = (
    "SELECT 'clock', CAST(UNIX_TIMESTAMP(NOW(6)) AS CHAR),"
    " NULL, NULL, NULL, NULL, NULL, NULL"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is going to be replaced: whole databases, and tables of other databases."""

    databases: tuple[str, ...]
    tables: tuple[tuple[str, str], ...]
    """Database and name of each table, in lower case."""

    @classmethod
    def of(cls, databases: Sequence[str], tables: Sequence[TableName]) -> Scope:
        """Fold the names, as the catalog has them."""
        whole = tuple(dict.fromkeys(fold(name) for name in databases))
        single = dict.fromkeys(
            (fold(table.database or ""), fold(table.table)) for table in tables
        )
        return cls(whole, tuple(each for each in single if each[0] not in whole))

    def __contains__(self, name: tuple[str, str]) -> bool:
        """Whether a table, given with its database, is replaced."""
        return name[0] in self.databases or name in self.tables

    @property
    def params(self) -> dict[str, object]:
        """The values of `whole` and `holds`, and the keys of `_locked`."""
        values: dict[str, object] = {}
        if self.databases:
            values["databases"] = self.databases
        for at, (database, names) in enumerate(self._by_database().items()):
            values |= {f"d{at}": database, f"t{at}": names}
        for at, (key, _) in enumerate(self._keys()):
            values[f"k{at}"] = key
        return values

    def whole(self, database: str) -> str:
        """Whether a column names a database that is replaced as a whole, as SQL."""
        return f"{database} IN %(databases)s" if self.databases else "FALSE"

    def holds(self, database: str, table: str) -> str:
        """Whether two columns name a table that is replaced, as SQL."""
        parts = [self.whole(database)]
        parts += [
            f"({database} = %(d{at})s AND {table} IN %(t{at})s)"
            for at in range(len(self._by_database()))
        ]
        return f"({' OR '.join(parts)})"

    def _by_database(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for database, table in self.tables:
            found[database] = (*found.get(database, ()), table)
        return found

    def _keys(self) -> list[tuple[str, str]]:
        """The keys of catalog rows that a DROP locks, each with a further condition."""
        keys = [(_key(name) + "%", "TRUE") for name in self.databases]
        for database, table in self.tables:
            keys.append((_key(database, table), "TRUE"))
        # Others, too, share the lock of its database; whoever drops that does not.
        keys += [
            (_key(name), "l.lock_mode = 'Exclusive'") for name in self._by_database()
        ]
        return keys

    def locked(self) -> str:
        """Whether a lock is on a catalog row of what is replaced, as SQL."""
        return " OR ".join(
            f"(l.lock_content LIKE %(k{at})s AND {condition})"
            for at, (_, condition) in enumerate(self._keys())
        )


def _key(*names: str) -> str:
    """A row's key in `mo_database` or `mo_tables`, as locks show it, for LIKE.

    It is packed and in hexadecimal: the account's number, then the names.
    """
    packed = "".join(f"4601{name.encode().hex()}00ff" for name in names)
    return f"46013e%{packed}" + ("00" if len(names) > 1 else "")


def grants(scope: Scope, *, logical: bool) -> str:
    """Role, object's type, privilege, with grant option, database, table.

    Args:
        scope: What is replaced.
        logical: Whether tables have an identity that outlives TRUNCATE (4.2 on), on
            which privileges hang.
    """
    number = "rel_logical_id" if logical else "rel_id"
    what = (
        "SELECT 'grant', p.role_name, p.obj_type, p.privilege_name,"
        " CAST(p.with_grant_option AS CHAR)"
    )
    return (
        f"{what}, d.datname, NULL, NULL FROM mo_catalog.mo_role_privs p"
        " JOIN mo_catalog.mo_database d ON d.dat_id = p.obj_id"
        f" WHERE d.{sql.MINE} AND {scope.whole('d.datname')}"
        f" UNION ALL {what}, t.reldatabase, t.relname, NULL"
        " FROM mo_catalog.mo_role_privs p"
        f" JOIN mo_catalog.mo_tables t ON t.{number} = p.obj_id"
        f" WHERE t.{sql.MINE} AND p.obj_type IN ('table', 'view')"
        f" AND p.privilege_level IN ('d.t', 't')"
        f" AND {scope.holds('t.reldatabase', 't.relname')}"
    )


def views(scope: Scope) -> str:
    """Database, view and owner's role of each view that another role owns.

    A view reads with the rights of its owner, unless it was made to do otherwise.
    """
    return (
        "SELECT 'view', t.reldatabase, t.relname, r.role_name, NULL, NULL, NULL, NULL"
        " FROM mo_catalog.mo_tables t JOIN mo_catalog.mo_role r ON r.role_id = t.owner"
        f" WHERE t.{sql.MINE} AND t.relkind = 'v'"
        f" AND {scope.holds('t.reldatabase', 't.relname')}"
        " AND r.role_name <> current_role_name()"
        """ AND t.viewdef NOT LIKE '%"security_type":"INVOKER"%'"""
    )


def foreign_keys(scope: Scope) -> str:
    """Name, child and parent of each foreign key that points in from elsewhere."""
    return (
        "SELECT 'foreign key', constraint_name, db_name, table_name, refer_db_name,"
        " refer_table_name, NULL, NULL FROM mo_catalog.mo_foreign_keys"
        f" WHERE {scope.holds('refer_db_name', 'refer_table_name')}"
        f" AND NOT {scope.holds('db_name', 'table_name')}"
    )


def holders(scope: Scope) -> str:
    """Connection, user, host, begun, statement of who holds locks that a DROP needs.

    A lock is on the table itself, or on its row of the catalog (of `mo_database`, which
    is number 1, or `mo_tables`, number 2).
    """
    return (
        "SELECT 'holder', CAST(s.conn_id AS CHAR), s.user, s.client_host,"
        " CAST(x.create_ts AS CHAR), s.info, NULL, NULL"
        " FROM mo_catalog.mo_sessions s"
        " LEFT JOIN mo_catalog.mo_transactions x ON x.txn_id = s.txn_id"
        " WHERE s.account = current_account_name() AND s.conn_id <> connection_id()"
        " AND s.txn_id IN (SELECT l.txn_id FROM mo_catalog.mo_locks l WHERE"
        " l.table_id IN (SELECT CAST(rel_id AS CHAR) FROM mo_catalog.mo_tables"
        f" WHERE {sql.MINE} AND {scope.holds('reldatabase', 'relname')})"
        f" OR (l.table_id IN ('1', '2') AND ({scope.locked()})))"
    )


def pitrs(scope: Scope) -> str:
    """Names of all PITRs, and of those that protect what is replaced all there is.

    That is name, level, account, database, table, `length unit`, `made changed`.
    """
    what = (
        "SELECT 'pitr', p.pitr_name, p.level, p.account_name, p.database_name,"
        " p.table_name, CONCAT(p.pitr_length, ' ', p.pitr_unit),"
        " CONCAT(p.create_time, ' ', p.modified_time) FROM mo_catalog.mo_pitr p"
    )
    mine = "p.create_account = current_account_id()"
    return (
        "SELECT 'pitr name', pitr_name, NULL, NULL, NULL, NULL, NULL, NULL"
        f" FROM mo_catalog.mo_pitr p WHERE {mine}"
        f" UNION ALL {what} JOIN mo_catalog.mo_database d ON d.dat_id = p.obj_id"
        f" WHERE {mine} AND p.pitr_status = 1 AND p.level = 'database'"
        f" AND {scope.whole('d.datname')}"
        f" UNION ALL {what} JOIN mo_catalog.mo_tables t ON t.rel_id = p.obj_id"
        f" WHERE {mine} AND p.pitr_status = 1 AND p.level = 'table'"
        f" AND {scope.holds('t.reldatabase', 't.relname')}"
    )


def publications(scope: Scope) -> str:
    """Name, database, tables and accounts of publications; subscribed databases."""
    databases = {name for name, _ in scope.tables}
    of = " OR ".join(
        [
            scope.whole("database_name"),
            *(f"database_name = %(d{at})s" for at in range(len(databases))),
        ]
    )
    return (
        "SELECT 'publication', pub_name, database_name, table_list, account_list,"
        " NULL, NULL, NULL FROM mo_catalog.mo_pubs"
        f" WHERE {sql.MINE} AND ({of})"
    )


def subscriptions(scope: Scope) -> str:
    """The databases that are publications of other accounts."""
    return (
        "SELECT 'subscription', datname, NULL, NULL, NULL, NULL, NULL, NULL"
        f" FROM mo_catalog.mo_database WHERE {sql.MINE} AND dat_type = 'subscription'"
        f" AND {scope.whole('datname')}"
    )


def grant(
    privileges: Sequence[str],
    object_type: str,
    database: str,
    table: str,
    role: str,
    *,
    with_grant_option: bool = False,
) -> str:
    """`GRANT … ON … TO …`.

    Args:
        privileges: As GRANT writes them.
        object_type: `database`, `table` or `view`.
        database: The database.
        table: The table or view; all of the database's if empty.
        role: Who gets them.
        with_grant_option: Whether the role may pass them on.
    """
    of = quote(database)
    if object_type != "database":
        of += f".{quote(table) if table else '*'}"
    return (
        f"GRANT {', '.join(privileges)} ON {object_type.upper()} {of}"
        f" TO {quote(role)}{' WITH GRANT OPTION' if with_grant_option else ''}"
    )


def publish_tables(publication: str, database: str, tables: Sequence[str]) -> str:
    """`ALTER PUBLICATION …`: set its tables; it keeps its accounts and comment."""
    listed = ", ".join(map(quote, tables))
    return (
        f"ALTER PUBLICATION {quote(publication)} DATABASE {quote(database)}"
        f" TABLE {listed}"
    )


def may_select(tables: Sequence[str]) -> str:
    """Whether all of some tables (quoted, with their moment) may be read.

    EXPLAIN checks rights as SELECT does. Never as a join: the server plans the order
    of one for minutes, and runs out of memory over a hundred tables.
    """
    return "EXPLAIN " + " UNION ALL ".join(
        f"SELECT 1 FROM {table} WHERE FALSE" for table in tables
    )


VIEWS = (
    "SELECT reldatabase, relname, rel_createsql FROM mo_catalog.mo_tables"
    f" WHERE {sql.MINE} AND relkind = 'v'"
)
"""Database, name and text of every view."""
