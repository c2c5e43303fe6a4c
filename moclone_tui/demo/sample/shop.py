"""The shop: its tables, and rows that look like a shop's."""

import random
from collections.abc import Iterator

from moclone_tui.demo.clock import to_seconds_text
from moclone_tui.demo.model import Row
from moclone_tui.demo.sample.teller import DAY, statements

TABLES = statements(
    """
create database shop;
create table shop.customers (id int primary key auto_increment,
  name varchar(60) not null comment 'full name', email varchar(80),
  city varchar(40), joined date, vip bool default false,
  unique key uk_email (email),
  key ix_city (city)) comment = 'People who have bought at least once';
create table shop.categories (id int primary key, name varchar(40) not null,
  parent_id int,
  constraint fk_parent foreign key (parent_id) references shop.categories (id))
  comment = 'What the shelves are called';
create table shop.suppliers (id int primary key auto_increment,
  name varchar(60) not null, email varchar(80), country varchar(40));
create table shop.products (id int primary key auto_increment,
  sku varchar(16) not null, name varchar(80) not null, category_id int,
  supplier_id int, price decimal(10,2) not null, stock int default 0, details json,
  unique key uk_sku (sku),
  constraint fk_category foreign key (category_id) references shop.categories (id),
  constraint fk_supplier foreign key (supplier_id) references shop.suppliers (id))
  comment = 'Everything on sale';
create table shop.orders (id bigint primary key auto_increment,
  customer_id int not null,
  status enum('new','paid','shipped','returned') default 'new',
  total decimal(10,2) default 0.00, placed_at datetime, note text,
  key ix_placed (placed_at), key ix_customer (customer_id),
  constraint fk_customer foreign key (customer_id) references shop.customers (id))
  comment = 'One row for each checkout';
create table shop.order_items (order_id bigint, line int, product_id int not null,
  quantity int not null, price decimal(10,2) not null, primary key (order_id, line),
  constraint fk_order foreign key (order_id) references shop.orders (id),
  constraint fk_product foreign key (product_id) references shop.products (id));
create sequence shop.ticket increment by 2 start with 1001;
create view shop.big_orders as select c.name, o.id, o.total, o.placed_at from
  shop.customers c join shop.orders o on o.customer_id = c.id where o.total > 250;
create view shop.sales_by_city as select c.city, count(*) as orders, sum(o.total) as
  total from shop.orders o join shop.customers c on c.id = o.customer_id group by
  c.city;
create pitr shop_week for database shop range 7 'd';
"""
)
PEOPLE = statements(
    """
create role sales;
create role reporting;
grant select, insert, update, delete on table shop.* to sales;
grant show databases on account * to reporting;
grant select on table shop.* to reporting;
create user mia identified by 'sunny-day-7' default role sales;
create user tom identified by 'quiet-lake-3' default role reporting;
"""
)

_FIRST = (
    "Ada", "Ben", "Clara", "David", "Elena", "Felix", "Grace", "Hugo", "Ines",
    "Jonas", "Karla", "Leo", "Maya", "Nils", "Olga", "Paul", "Rosa", "Sven",
    "Tara", "Viktor", "Amir", "Bela", "Chidi", "Dalia", "Emre", "Fatima", "Goran",
    "Hana", "Ivo", "Júlia",
)  # fmt: skip
_LAST = (
    "Albrecht", "Barnes", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia",
    "Hansen", "Ivanova", "Jansen", "Kovacs", "Lindqvist", "Moreau", "Novak",
    "Okafor", "Petrov", "Quinn", "Rossi", "Schmidt", "Tanaka", "Ueda", "Varga",
    "Weber", "Xavier", "Yilmaz", "Zimmer", "Björk", "Castro", "Dietrich", "Evans",
)  # fmt: skip
_CITIES = (
    "Berlin", "Lisbon", "Oslo", "Vienna", "Prague", "Lyon", "Porto", "Ghent",
    "Malmö", "Turin", "Kraków", "Zürich", "Graz",
)  # fmt: skip
_COUNTRIES = ("Portugal", "Norway", "Austria", "Czechia", "France", "Italy")
_SHELVES = ("Kitchen", "Garden", "Books", "Toys", "Office", "Lamps", "Textiles", "Tea")
_ADJECTIVES = (
    "Blue", "Small", "Oak", "Linen", "Copper", "Folding", "Quiet", "Striped",
    "Round", "Travel", "Winter", "Glass",
)  # fmt: skip
_THINGS = (
    "Kettle", "Lamp", "Notebook", "Blanket", "Bowl", "Chair", "Basket", "Puzzle",
    "Teapot", "Tray",
)  # fmt: skip
_STATUSES = ("new", "paid", "shipped", "shipped", "shipped", "returned")
_NOTES = (None, None, None, None, "gift", "call first", "leave at the door")

CUSTOMERS = 2_000
PRODUCTS = 120
SUPPLIERS = 14


def text_of(moment: int) -> str:
    """A moment as a datetime column keeps it."""
    return to_seconds_text(moment)


class Rows:
    """Makes the shop's rows: the same ones every time, but for their dates."""

    def __init__(self, opened: int) -> None:
        """Let the first order come in when the shop `opened`."""
        self._random = random.Random(20_240_607)  # noqa: S311
        self._opened = opened
        self._since = opened
        self._next_order = 1
        self._prices: list[int] = []

    def catalog(self) -> dict[str, list[Row]]:
        """Everything that is there before the first order."""
        return {
            "customers": list(self._customers()),
            "categories": [
                (number, name, None) for number, name in enumerate(_SHELVES, 1)
            ],
            "suppliers": list(self._suppliers()),
            "products": list(self._products()),
        }

    def orders(self, count: int, until: int) -> dict[str, list[Row]]:
        """Orders that came in since the last ones, with their items."""
        orders: list[Row] = []
        items: list[Row] = []
        step = (until - self._since) // count
        for number in range(count):
            placed = self._since + step * number
            orders.append(self._order(text_of(placed), items))
        self._since = until
        return {"orders": orders, "order_items": items}

    def _order(self, placed: str, items: list[Row]) -> Row:
        chance = self._random
        number, total = self._next_order, 0
        self._next_order += 1
        for line in range(1, chance.choice((1, 1, 2, 2, 3)) + 1):
            product, quantity = chance.randint(1, PRODUCTS), chance.choice((1, 1, 2))
            cents = self._prices[product - 1]
            total += cents * quantity
            items.append((number, line, product, quantity, _money(cents)))
        return (
            number,
            chance.randint(1, CUSTOMERS),
            chance.choice(_STATUSES),
            _money(total),
            placed,
            chance.choice(_NOTES),
        )

    def _customers(self) -> Iterator[Row]:
        chance = self._random
        for number in range(1, CUSTOMERS + 1):
            first, last = chance.choice(_FIRST), chance.choice(_LAST)
            email = f"{first}.{last}{number}@example.com".lower()
            joined = text_of(self._opened - chance.randint(0, 700) * DAY)[:10]
            yield (
                number,
                f"{first} {last}",
                email,
                chance.choice(_CITIES),
                joined,
                int(number % 23 == 0),
            )

    def _suppliers(self) -> Iterator[Row]:
        for number in range(1, SUPPLIERS + 1):
            name = f"{_LAST[number * 2]} & {_LAST[number * 2 + 1]}"
            email = f"orders{number}@example.com"
            yield (number, name, email, self._random.choice(_COUNTRIES))

    def _products(self) -> Iterator[Row]:
        chance = self._random
        for number in range(1, PRODUCTS + 1):
            cents = chance.randint(250, 18_000)
            self._prices.append(cents)
            adjective = _ADJECTIVES[(number - 1) % len(_ADJECTIVES)]
            thing = _THINGS[(number - 1) // len(_ADJECTIVES)]
            details = f'{{"weight": {chance.randint(1, 90) * 50}, "fragile": false}}'
            yield (
                number,
                f"SKU-{number:04d}",
                f"{adjective} {thing}",
                chance.randint(1, len(_SHELVES)),
                chance.randint(1, SUPPLIERS),
                _money(cents),
                chance.randint(0, 90),
                details,
            )


def _money(cents: int) -> float | int:
    """An amount as a decimal column keeps it."""
    return cents / 100 if cents % 100 else cents // 100
