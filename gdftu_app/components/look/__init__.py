"""How the console looks: theme, stylesheet, and the class names the stylesheet (`assets/console.css`) knows.

Everywhere: `only-d` and `only-m` show a part above or below 900 px, `vh` only to screen readers; `muted`, `red`,
`small`, `b`, `num`, `cut`, `row`, `grow` do what they say. Icons carry `i` (16 px) or `i s` (14 px). Lengths are
multiples of `var(--u)`, which follows the reader's scaling.

Shell: `shell` > `side` (`brand`, `who`, `nav`, `dr`) and `top` (`acting`, `hb`, `hb sq`, `zoom`, `ava`) over `page`.
Below 900 px the menu opens while the shell has `data-drawer`; a sibling `scrim` covers the rest.

Page: `head` (h1, p, `acts`), `figs` or `figs sm` (dt, dd with `v` and `u`), `filters` with `sum`, `chips`, the table,
`pager`.

Table: `c-table` stands on `rx.table.root(size="1", variant="ghost")`; exactly one column has width auto. Rows have 44
px, `c-table dense` 40, `c-table hits` 60 with a `path` under the `name`. Rows: `data-on` ticked, `data-open`
expanded, `data-focus` current, `total` 合计, `detail` (a `kv` list) below an open row. Below 900 px the classes of
the cells make rows of the columns: `m-a` the control at the left, `m-name`, `m-st` the status at the right, `m-in` a
detail with its `data-label`, `m-full` a line of its own, `m-end` at the right, `m-hide` left out. A row of the list::

    rx.table.row(
        rx.table.cell(rx.el.button(icon("plus"), class_name="exp", aria_expanded=…), class_name="m-a"),
        rx.table.cell(rx.el.button(name, class_name="name plain", title=name), class_name="m-name"),
        rx.table.cell("6,204", class_name="num m-in", custom_attrs={"data-label": t("会员数")}),
        rx.table.cell(
            rx.el.span(rx.el.i(style={"--p": "94.6"}), rx.el.span("94.6%"), class_name="rate"),  # "rate low" below 65 %
            class_name="num m-in",
            custom_attrs={"data-label": t("实名率")},
        ),
    )

While loading, the same table with `sk` bars (`--w` is their width) inside `waiting`, which shows itself after 200 ms.

Split: the tree is a sheet below 900 px, open while the split has `data-sheet`::

    rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.div(heading, rx.el.button(collapse, class_name="op"), class_name="row"),
                union_tree(…, on_select=[State.select, shut("split", "data-sheet")]),
                class_name="treebox",
            ),
            class_name="treepane",
            custom_attrs={"data-opens": ""},
        ),
        rx.el.section(
            rx.el.button(…, class_name="treebtn only-m", on_click=toggle("split", "data-sheet")),
            …,
            class_name="listpane",
        ),
        rx.el.div(class_name="scrim", on_click=shut("split", "data-sheet")),
        class_name="split",
        id="split",
    )

Told: `note` and `float` with `info`, `ok`, `warn` or `bad` (floats inside `floats`), `blank` (`mark`, h2, p, `acts`),
`field` (label, control, `hint` or `err`; `field bad`, `pair` for a control with its button).

Without a menu: `login` > `login-side` (`mark`, `login_art()`, `motto`) and `login-main` (header, main with
`login-form`, footer); `solo` (header, main) with `choices` of `choice`.
"""

from gdftu_app.components.look.theme import SCALINGS, STYLESHEETS, console_theme
from gdftu_app.components.look.toggles import shut, toggle

__all__ = ["SCALINGS", "STYLESHEETS", "console_theme", "shut", "toggle"]
