"""The names and types of a query's columns, which SQLite does not tell."""

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from moclone_tui.demo import sqltypes as types
from moclone_tui.demo.functions import PREFIX
from moclone_tui.demo.reply import ResultColumn
from moclone_tui.demo.sqltypes import SqlType, decimal_type

Sources = list[tuple[str, Sequence[ResultColumn]]]
_Rule = Callable[[exp.Expression, Sources], SqlType]

_YES_OR_NO = (
    exp.Predicate,
    exp.Connector,
    exp.Not,
    exp.In,
    exp.Between,
    exp.Boolean,
)
_CASTS = {
    "BIGINT": types.BIGINT,
    "TEXT": types.VARCHAR,
    "DOUBLE": types.DOUBLE,
    "FLOAT": types.DOUBLE,
}
_PASS_THROUGH = (
    exp.Alias,
    exp.Max,
    exp.Min,
    exp.Neg,
    exp.Paren,
    exp.Distinct,
    exp.Window,
)


class Inference:
    """Knows the tables that are loaded, and the types of our own functions."""

    def __init__(
        self,
        tables: Mapping[str, Sequence[ResultColumn]],
        functions: Mapping[str, SqlType],
    ) -> None:
        """Use these tables, by key, and these functions."""
        self._tables = tables
        self._functions = functions
        self._rules: list[tuple[type | tuple[type, ...], _Rule]] = [
            (exp.Column, _column_type),
            (exp.Subquery, self._scalar),
            (exp.Literal, _literal),
            ((exp.Cast, exp.TryCast), _cast),
            ((exp.Count, exp.IntDiv, exp.RowNumber, exp.Rank), _integer),
            ((exp.Sum, exp.Avg), self._sum),
            ((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod), self._arithmetic),
            (exp.Coalesce, self._coalesce),
            (exp.Case, self._case),
            (exp.Anonymous, self._anonymous),
            ((exp.Lower, exp.Upper, exp.Substring, exp.Trim, exp.GroupConcat), _text),
        ]

    def columns_of(
        self,
        tree: exp.Expression,
        names: Sequence[str] = (),
        outer: Mapping[str, Sequence[ResultColumn]] | None = None,
    ) -> list[ResultColumn]:
        """The columns a query gives.

        Args:
            tree: The query.
            names: How its own columns were written, where they have no other name.
            outer: The common tables around it.
        """
        known = dict(outer or {})
        with_ = tree.args.get("with_")
        for cte in with_.expressions if with_ else ():
            known[cte.alias.lower()] = self.columns_of(cte.this, (), known)
        if isinstance(tree, exp.SetOperation):
            return self.columns_of(tree.this, names, known)
        if isinstance(tree, exp.Subquery):
            return self.columns_of(tree.this, names, known)
        sources = self._sources(tree, known)
        written = list(names) if len(names) == len(tree.expressions) else []
        found: list[ResultColumn] = []
        for index, item in enumerate(tree.expressions):
            found += self._projection(item, sources, written[index : index + 1])
        return found

    def _sources(
        self, tree: exp.Expression, known: Mapping[str, Sequence[ResultColumn]]
    ) -> Sources:
        nodes = [tree.args.get("from_"), *(tree.args.get("joins") or [])]
        found: Sources = []
        for node in nodes:
            if node is not None:
                found += self._source(node.this, known)
        return found

    def _source(
        self, node: exp.Expression, known: Mapping[str, Sequence[ResultColumn]]
    ) -> Sources:
        found: Sources = []
        if isinstance(node, exp.Table):
            columns = self._tables.get(node.name) or known.get(node.name.lower(), ())
            found.append((node.alias_or_name.lower(), columns))
        elif isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table):
            found += self._source(node.this, known)
        elif isinstance(node, exp.Subquery):
            found.append((node.alias.lower(), self.columns_of(node, (), known)))
        for join in node.args.get("joins") or ():
            found += self._source(join.this, known)
        return found

    def _projection(
        self, item: exp.Expression, sources: Sources, written: Sequence[str]
    ) -> list[ResultColumn]:
        if isinstance(item, exp.Star):
            return [column for _, columns in sources for column in columns]
        if isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
            wanted = item.table.lower()
            return [c for name, columns in sources if name == wanted for c in columns]
        name = item.alias
        if not name and isinstance(item, exp.Column):
            name = item.name
        if not name:
            name = written[0] if written else item.sql(dialect="mysql").lower()
        return [(name, self.type_of(item, sources))]

    def type_of(self, node: exp.Expression, sources: Sources) -> SqlType:
        """The type of an expression; NULL if only its values can tell."""
        if isinstance(node, _YES_OR_NO):
            return types.BOOL
        if isinstance(node, _PASS_THROUGH):
            return self.type_of(node.this, sources)
        for kind, rule in self._rules:
            if isinstance(node, kind):
                return rule(node, sources)
        return types.NULL

    def _scalar(self, node: exp.Expression, _: Sources) -> SqlType:
        return self.columns_of(node)[0][1]

    def _anonymous(self, node: exp.Expression, sources: Sources) -> SqlType:
        name = node.name.lower().removeprefix(PREFIX)
        found = self._functions.get(name, types.NULL)
        if found is types.NULL and name in ("if", "greatest", "least"):
            return self._first(node.expressions[name == "if" :], sources)
        return found

    def _first(self, nodes: Sequence[exp.Expression], sources: Sources) -> SqlType:
        for node in nodes:
            found = self.type_of(node, sources)
            if found is not types.NULL:
                return found
        return types.NULL

    def _coalesce(self, node: exp.Expression, sources: Sources) -> SqlType:
        return self._first([node.this, *node.expressions], sources)

    def _case(self, node: exp.Expression, sources: Sources) -> SqlType:
        results = [branch.args["true"] for branch in node.args["ifs"]]
        default = node.args.get("default")
        return self._first([*results, default] if default else results, sources)

    def _arithmetic(self, node: exp.Expression, sources: Sources) -> SqlType:
        sides = [self.type_of(side, sources) for side in (node.this, node.expression)]
        if all(side.is_integer for side in sides):
            return types.DOUBLE if isinstance(node, exp.Div) else types.BIGINT
        if not all(side.is_integer or side.name == "decimal" for side in sides):
            return types.DOUBLE
        if isinstance(node, exp.Div):
            return decimal_type(38, sides[0].scale + 6)
        if isinstance(node, exp.Mul):
            return decimal_type(38, sides[0].scale + sides[1].scale)
        return decimal_type(38, max(side.scale for side in sides))

    def _sum(self, node: exp.Expression, sources: Sources) -> SqlType:
        summed = self.type_of(node.this, sources)
        if summed.name == "decimal":
            scale = summed.scale + (4 if isinstance(node, exp.Avg) else 0)
            return decimal_type(38, scale)
        if isinstance(node, exp.Avg) or not summed.is_integer:
            return types.DOUBLE
        return types.BIGINT


def _column_type(node: exp.Expression, sources: Sources) -> SqlType:
    name, table = node.name.lower(), node.text("table").lower()
    for alias, columns in sources:
        if table and table != alias:
            continue
        for column, kind in columns:
            if column.lower() == name:
                return kind
    return types.BIGINT if name == "rowid" else types.NULL


def _literal(node: exp.Expression, _: Sources) -> SqlType:
    if node.is_string:
        return types.VARCHAR
    fraction = node.name.partition(".")[2]
    return decimal_type(38, len(fraction)) if fraction else types.BIGINT


def _cast(node: exp.Expression, _: Sources) -> SqlType:
    kind = node.args["to"]
    if kind.this.name == "DECIMAL":
        size = [int(parameter.name) for parameter in kind.expressions]
        return decimal_type(*[*size, 0][:2]) if size else decimal_type(38, 0)
    return _CASTS.get(kind.this.name, types.NULL)


def _integer(_: exp.Expression, __: Sources) -> SqlType:
    return types.BIGINT


def _text(_: exp.Expression, __: Sources) -> SqlType:
    return types.VARCHAR
