"""Leagues (领先与落后): direct subordinates with their place, 实名率 and growth."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from gdftu_app.components.texts import t
from gdftu_app.security.features import STATISTICS, SUBORDINATES
from gdftu_app.state.current import CurrentUnion
from gdftu_app.state.overview_shown import LeagueRow


def league(title: rx.Var[str], note: rx.Var[str], rows: ArrayVar[Sequence[LeagueRow]]) -> rx.Component:
    """One league; nothing where nobody stands in it."""
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.div(
                rx.el.h2(title, class_name="h2"), rx.el.span(note, class_name="muted small"), class_name="row spread"
            ),
            rx.el.ol(rx.foreach(rows, _place), class_name="league"),
        ),
        rx.fragment(),
    )


def _place(row: ObjectVar[LeagueRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(row.place, class_name="muted num"),
        rx.link(row.name, href=_place_of(row), class_name="name", title=row.name),
        rx.el.span(
            rx.el.i(style={"--p": row.share.to_string()}),
            rx.el.span(f"{row.rate}%"),
            class_name=rx.cond(row.is_low, "rate low", "rate"),
        ),
        rx.el.span(row.growth, class_name="num muted", title=t("近七天实名会员增长")),
        key=row.id.to_string(),
    )


def _place_of(row: ObjectVar[LeagueRow]) -> rx.Var[str]:
    """Where more is told of it: for analysts that is in totals alone."""
    asked = f"/?union={row.id}"
    looks = CurrentUnion.features.contains(SUBORDINATES.key)
    return rx.cond(looks, f"{SUBORDINATES.path}{asked}", f"{STATISTICS.path}{asked}").to(str)
