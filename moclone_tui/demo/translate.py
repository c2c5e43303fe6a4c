"""Turn what sqlglot read as MySQL into what SQLite can run."""

from sqlglot import exp

from moclone_tui.demo.functions import PREFIX

_MOMENTS = {"DATETIME": "to_datetime", "TIMESTAMP": "to_datetime", "DATE": "to_date"}
_INTEGERS = {"BIGINT", "UBIGINT", "INT", "SMALLINT", "TINYINT", "UINT"}


def call(name: str, *arguments: exp.Expression) -> exp.Anonymous:
    """A call of one of our own functions."""
    return exp.Anonymous(this=PREFIX + name, expressions=list(arguments))


def translate(tree: exp.Expression) -> exp.Expression:
    """Replace what SQLite lacks by calls of our own functions."""
    for node in tree.find_all(exp.Select, exp.SetOperation):
        node.set("locks", None)
        node.set("hint", None)
    for node in tree.find_all(exp.SetOperation):
        for side in (node.this, node.expression):
            if isinstance(side, exp.Subquery):
                # SQLite takes no parentheses here.
                side.replace(exp.select("*").from_(side.copy()))
    return tree.transform(_one, copy=False)


def to_sqlite(tree: exp.Expression) -> str:
    """The text to run."""
    return tree.sql(dialect="sqlite")


def _one(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Cast):
        return _cast(node)
    if isinstance(node, (exp.DateAdd, exp.DateSub, exp.Add, exp.Sub)):
        return _moved(node)
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
        columns = node.this.expressions
        if len(columns) > 1:
            node.this.set("expressions", [call("tuple", *columns)])
    if isinstance(node, exp.RegexpLike):
        return call("regexp", node.this, node.expression)
    if isinstance(node, exp.GroupConcat) and isinstance(node.this, exp.Order):
        node.set("this", node.this.this)
    return node


def _cast(node: exp.Cast) -> exp.Expression:
    name = node.to.this.name
    if name in _MOMENTS:
        return call(_MOMENTS[name], node.this)
    if name in _INTEGERS:
        node.set("to", exp.DataType.build("BIGINT"))
    elif name in ("CHAR", "VARCHAR", "NCHAR"):
        node.set("to", exp.DataType.build("TEXT"))
    return node


def _moved(node: exp.Expression) -> exp.Expression:
    amount, unit = node.args.get("expression"), node.args.get("unit")
    if isinstance(amount, exp.Interval):
        amount, unit = amount.this, amount.args.get("unit")
    if unit is None or amount is None:
        return node
    if isinstance(node, (exp.DateSub, exp.Sub)):
        amount = exp.Neg(this=amount)
    return call("date_add", node.this, amount, exp.Literal.string(unit.name))
