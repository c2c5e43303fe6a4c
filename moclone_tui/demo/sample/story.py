"""What happened, and when."""

from moclone_tui.demo.sample import gallery, offices, shop
from moclone_tui.demo.sample.teller import DAY, HOUR, Teller
from moclone_tui.demo.state import State

REACH = 30 * DAY
"""How far back the story goes: the server's state has to be older."""


async def load(state: State) -> None:
    """Fill an empty server with databases, snapshots and a past of three weeks."""
    slow, state.slow = state.slow, 0
    teller = Teller(state)
    rows = shop.Rows(teller.present - 200 * DAY)
    await _beginnings(teller, rows)
    await _sale(teller, rows)
    await _since_then(teller, rows)
    state.slow = slow


async def _beginnings(teller: Teller, rows: shop.Rows) -> None:
    present = teller.present
    await teller.tell(present - 21 * DAY, *shop.TABLES)
    teller.fill(present - 21 * DAY + HOUR, "shop", rows.catalog())
    teller.fill(present - 20 * DAY, "shop", rows.orders(8_000, present - 20 * DAY))
    await teller.tell(present - 19 * DAY, *shop.PEOPLE)
    await teller.tell(present - 14 * DAY, *offices.CRM, *offices.BLOG)
    await teller.tell(present - 12 * DAY, *offices.LEGACY)
    await teller.tell(present - 10 * DAY, *gallery.statements())
    teller.fill(present - 9 * DAY, "shop", rows.orders(2_400, present - 9 * DAY))
    await teller.tell(
        present - 6 * DAY, "create snapshot orders_only for table shop orders"
    )
    teller.fill(present - 31 * HOUR, "shop", rows.orders(1_300, present - 31 * HOUR))


async def _sale(teller: Teller, rows: shop.Rows) -> None:
    present = teller.present
    await teller.tell(
        present - 30 * HOUR,
        "create snapshot shop_before_sale for database shop",
        "update shop.products set price = round(price * 0.8, 2) where stock > 40",
    )
    teller.fill(present - 27 * HOUR, "shop", rows.orders(90, present - 27 * HOUR))
    since = shop.text_of(present - 9 * DAY)
    await teller.tell(
        present - 26 * HOUR,
        f"update shop.orders set total = 0 where placed_at >= '{since}'",
        "delete from shop.order_items where order_id in "
        "(select id from shop.orders where customer_id between 100 and 140)",
        "delete from shop.orders where customer_id between 100 and 140",
        user="mia",
        role="sales",
    )


async def _since_then(teller: Teller, rows: shop.Rows) -> None:
    present = teller.present
    teller.fill(present - 20 * HOUR, "shop", rows.orders(180, present - 20 * HOUR))
    await teller.tell(present - 9 * HOUR, "create snapshot nightly for account")
    await teller.tell(
        present - 5 * HOUR,
        "create database shop_dev clone shop {snapshot = 'shop_before_sale'}",
        "update shop_dev.customers set email = concat('user', id, '@example.invalid') "
        "where id <= 500",
        "update shop_dev.products set price = price + 1 where id <= 10",
    )
    teller.fill(present - HOUR, "shop", rows.orders(110, present - HOUR))
