"""Names and contents that a screen has to live with."""

from moclone_tui.demo.lexer import quote_name, quote_string

WIDE_COLUMNS = 60

_NAMES = (
    "back`tick",
    "dot.ted",
    "[/x]",
    "[@click=app.quit]x[/]",
    "100%",
    "select",
    "名前",
    "a b",
    "it's",
    "naïve-café",
    "a_name_that_goes_on_" + "and_on_" * 14 + "until_it_ends",
)
_SCRIPTS = (
    ("Japanese", "東京タワーのすぐそばで、静かな朝ごはんを食べました。"),
    ("Chinese", "春眠不觉晓，处处闻啼鸟。"),
    ("Korean", "안녕하세요, 반갑습니다."),
    ("Arabic", "مرحبا بالعالم 123"),
    ("Hebrew", "שלום עולם (abc)"),
    ("Emoji", "👩‍👩‍👧 family, 🇩🇪 flag, é as two: é"),
    ("Override", "abc \u202egpj.exe"),
    ("Escapes", "\x1b[31mred\x1b[0m \x1b]0;title\x07 and \x1b[2J"),
    ("Markup", "[bold red]not bold[/] [/x] \\[plain]"),
    ("Lines", "one\ntwo\r\nthree\ttabbed"),
)


_SCRIPT_COLUMNS = "script varchar(20) primary key, body text"


def statements() -> list[str]:
    """What makes the gallery, and a database whose name looks like markup."""
    made = ["create database gallery"]
    for number, name in enumerate(_NAMES, 1):
        table = f"gallery.{quote_name(name)}"
        made.append(f"create table {table} (id int primary key, v varchar(200))")
        made.append(f"insert into {table} values ({number}, {quote_string(name)})")
    columns = ", ".join(f"c{n:02d} int" for n in range(2, WIDE_COLUMNS + 1))
    values = ", ".join(str(n) for n in range(1, WIDE_COLUMNS + 1))
    texts = ", ".join(f"({quote_string(n)}, {quote_string(t)})" for n, t in _SCRIPTS)
    remark = quote_string("closes [/x], clears \x1b[2J, rings \x07, ends [bold]here")
    return [
        *made,
        f"create table gallery.wide (c01 int primary key, {columns})",
        f"insert into gallery.wide values ({values})",
        f"create table gallery.scripts ({_SCRIPT_COLUMNS}) comment = '文字 and שלום'",
        f"insert into gallery.scripts values {texts}",
        "create table gallery.empty (id int primary key, v varchar(20))",
        f"create table gallery.remarked (id int comment {remark}) comment = {remark}",
        "create database `[/x]`",
        "create table `[/x]`.`[/x]` (id int primary key)",
        "insert into `[/x]`.`[/x]` values (1)",
    ]
