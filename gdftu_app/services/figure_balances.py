"""Balances: what is counted less what is shown, in one statement over whole sets."""

from sqlalchemy import func, or_, select, union_all

from gdftu_app.models.tables import Rows


def balance(counted: Rows, shown: list[Rows], keys: tuple[str, ...], figures: tuple[str, ...]) -> Rows:
    """Counted less shown, for the keys where it is not nothing, in the order of the keys."""
    sides: list[Rows] = []
    for sign, rows in ((1, counted), *((-1, rows) for rows in shown)):
        part = rows.subquery()
        sides.append(select(*(part.c[key] for key in keys), *((sign * part.c[name]).label(name) for name in figures)))
    ledger = union_all(*sides).subquery()
    sums = {name: func.sum(ledger.c[name]) for name in figures}
    by = [ledger.c[key] for key in keys]
    return (
        select(*by, *(total.label(name) for name, total in sums.items()))
        .group_by(*by)
        .having(or_(*(total != 0 for total in sums.values())))
        .order_by(*by)
    )
