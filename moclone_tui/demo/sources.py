"""Bind the tables that a query names to rows that SQLite can read."""

from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from moclone_tui.demo import system
from moclone_tui.demo.accounts import SYS
from moclone_tui.demo.engine import Parts
from moclone_tui.demo.errors import (
    missing_table,
    no_database_selected,
    not_supported,
    unknown_database,
)
from moclone_tui.demo.lexer import HINT_MARK, fold, parse_statement
from moclone_tui.demo.model import Database, Relation
from moclone_tui.demo.moments import Moment, moment_of
from moclone_tui.demo.parsing import parse_query
from moclone_tui.demo.reply import ResultColumn

if TYPE_CHECKING:
    from moclone_tui.demo.session import Session

_DEEPEST_VIEW = 12


class Sources:
    """The tables of one query.

    Attributes:
        columns: The columns of each loaded table, by its key.
        scanned: The tables that are read, as `database.table`.
    """

    def __init__(self, session: "Session") -> None:
        """Read as this session."""
        self._session = session
        self._engine = session.state.engine
        self._passing: list[str] = []
        self.columns: dict[str, list[ResultColumn]] = {}
        self.scanned: list[str] = []

    def bind(
        self,
        tree: exp.Expression,
        database: str | None,
        moment: Moment,
        hints: list[str] | None = None,
        depth: int = 0,
    ) -> None:
        """Replace every table and view in the query by what SQLite has loaded.

        Raises:
            ServerError: For a table that is not there or may not be read.
        """
        common = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
        for node in list(tree.find_all(exp.Table)):
            if not isinstance(node.this, exp.Identifier):
                self._bind_function(node, database, moment)
                continue
            if not node.db and node.name.lower() in common:
                continue
            self._bind_table(node, database, moment, hints or [], depth)
        for column in tree.find_all(exp.Column):
            column.set("db", None)
            column.set("catalog", None)

    def release(self) -> None:
        """Let go of what was true for this query only."""
        for key in self._passing:
            self._engine.forget(key)
        self._engine.trim()

    def _bind_table(
        self,
        node: exp.Table,
        database: str | None,
        moment: Moment,
        hints: list[str],
        depth: int,
    ) -> None:
        written, _, mark = node.name.partition(HINT_MARK)
        if mark:
            moment = moment_of(self._session, hints[int(mark)])
        name, home = fold(written), fold(node.db or database or "")
        if name == "dual" and not node.db:
            if node.parent is not None:
                node.parent.pop()
            return
        if not home:
            raise no_database_selected()
        alias = node.alias or written
        key = self._system_table(home, name, moment, depth)
        if key is None:
            found, relation = _find(moment, home, name)
            if not depth:
                rights = self._session.rights
                rights.require_on_table("select", found, relation)
            if relation.kind == "v":
                self._bind_view(node, alias, relation, moment, depth)
                return
            key = self.load(relation)
        self.scanned.append(f"{home}.{name}")
        node.set("this", exp.to_identifier(key, quoted=True))
        node.set("db", None)
        node.set("alias", _alias(alias))

    def _bind_function(
        self, node: exp.Table, database: str | None, moment: Moment
    ) -> None:
        call = node.this
        if not isinstance(call, exp.Anonymous) or call.name.lower() != "metadata_scan":
            raise not_supported(f"{node.sql(dialect='mysql')} as a table")
        home, _, name = call.expressions[0].name.lower().rpartition(".")
        found, relation = _find(moment, home or database or "", name)
        self._session.rights.require_on_table("select", found, relation)
        key = f"metadata of {id(relation)}"
        self._passing.append(key)
        self.columns[key] = list(system.STORAGE_COLUMNS)
        self._engine.load(
            key, system.STORAGE_COLUMNS, lambda: system.storage_rows(relation)
        )
        alias = node.alias or "metadata_scan"
        node.set("this", exp.to_identifier(key, quoted=True))
        node.set("alias", _alias(alias))

    def _bind_view(
        self,
        node: exp.Table,
        alias: str,
        relation: Relation,
        moment: Moment,
        depth: int,
    ) -> None:
        if depth > _DEEPEST_VIEW:
            raise not_supported(f"views nested deeper than {_DEEPEST_VIEW}")
        tokens = parse_statement(relation.query).tokens
        parsed = parse_query(tokens)
        self.bind(
            parsed.tree, relation.default_database, moment, parsed.hints, depth + 1
        )
        query = exp.Subquery(this=parsed.tree, alias=_alias(alias))
        query.set("joins", node.args.get("joins"))
        node.replace(query)

    def _system_table(
        self, database: str, name: str, moment: Moment, depth: int
    ) -> str | None:
        account = self._session.account
        if database not in account.system_databases():
            return None
        table = system.find(database, name, account)
        if table is None:
            raise missing_table(name)
        if not (table.for_everyone or depth):
            owner = Database(account.id, database, 0, owner=-1)
            relation = Relation(name, "r", 0, "", owner=-1)
            self._session.rights.require_on_table("select", owner, relation)
        # A snapshot of another account tells the time here, and no more.
        reader = None if table.shared and account.id == SYS else account.id
        view = system.View(self._session, moment.catalog, reader)
        key = f"{database}.{name} of {reader}"
        if moment.catalog is not self._session.catalog:
            key = f"{key} then {moment.catalog.id}"
        self.columns[key] = list(table.columns)
        if table.of_database is not None:
            return self._engine.sync(key, table.columns, _parts(table, view))
        self._passing.append(key)
        return self._engine.load(key, table.columns, lambda: table.rows(view))

    def load(self, relation: Relation) -> str:
        """Have the rows of a table in SQLite; gives its name there."""
        rows = self._session.visible_rows(relation)
        columns = [(c.name, c.type) for c in relation.layout.columns]
        key = f"rows {relation.data.id}"
        if not rows or rows is not relation.data.rows:
            key = f"only now {id(relation)}"
            self._passing.append(key)
        self.columns[key] = columns
        return self._engine.load(key, columns, lambda: rows)


def _find(moment: Moment, database: str, name: str) -> tuple[Database, Relation]:
    found = moment.catalog.database(moment.account, database)
    if found is None:
        raise unknown_database(database)
    relation = found.relations.get(name)
    if relation is None:
        raise missing_table(name)
    return found, relation


def _parts(table: system.SystemTable, view: system.View) -> Parts:
    of_database = table.of_database
    if of_database is None:
        return {}
    return {
        "": (table, partial(table.rows, view)),
        **{
            f"{database.account} {database.name}": (
                database,
                partial(of_database, view, database),
            )
            for database in view.databases()
        },
    }


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True))
