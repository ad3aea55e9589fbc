"""Wrapper of the tree component; the protocol between it and a state is written here."""

import reflex as rx

_SCRIPT = rx.asset("union_tree.jsx", shared=True)
for _part in ("branches.js", "pages.js"):
    rx.asset(_part, shared=True)


def _a_page(parent: rx.Var[int], offset: rx.Var[int]) -> tuple[rx.Var[int], rx.Var[int]]:
    return parent, offset


def _a_union(union_id: rx.Var[int]) -> tuple[rx.Var[int]]:
    return (union_id,)


class UnionTree(rx.Component):
    """The tree of unions below the acting union (组织树, 手册 六).

    The server keeps no tree: the component remembers what it was told, asks for one page of children at a time through
    `on_branch`, and is answered through `answer`. A node is `{"id", "name", "count", "has_children"}`; `count`
    (下级工会数) is shown at the right unless it is 0. An answer is::

        {
            "seq": 7,  # differs from the answer before; an answer whose seq was seen is ignored
            "branches": [{"parent": 12, "offset": 200, "total": 609, "nodes": [node, …]}],
            "reveal": 345,  # or None
        }

    Every branch is merged into what is known; missing runs of children become one row each,
    「再显示 200 个（还有 409 个）」. A `total` that differs from the one known drops the pages of that parent that
    are not in the answer. With `reveal`, the superiors found in the branches are opened, and the node takes the tree's
    tab stop and is scrolled into view; the focus of the page stays where it is. An answer to `on_branch` must hold that
    parent, with `total` 0 when nothing is there. A page that does not come within 15 seconds is offered for retry.

    On entering a page, answer with the whole way down to `selected` and `reveal` it; otherwise the component asks for
    the children of the root itself.
    """

    library = _SCRIPT.importable_path
    tag = "UnionTree"
    lib_dependencies: list[str] = [
        "@headless-tree/core@1.7.0",
        "@headless-tree/react@1.7.0",
        "@tanstack/react-virtual@3.14.26",
    ]

    root: rx.Var[dict]
    """Node of the acting union; another id empties the tree."""

    answer: rx.Var[dict]
    """The latest answer, or an empty dict."""

    selected: rx.Var[int]
    """Id of the selected union; 0 for none."""

    labels: rx.Var[dict[str, str]]
    """Texts in the reader's language: `tree` (its name), `more` (with `{n}` and `{rest}`), `loading`, `retry`."""

    page_size: rx.Var[int]
    """Children per page, as the server pages them; 200 unless told."""

    collapse_seq: rx.Var[int]
    """All nodes but the root close whenever this number changes (全部收起)."""

    on_branch: rx.EventHandler[_a_page]
    """Asked for the children of a union from an offset: `(parent, offset)`."""

    on_select: rx.EventHandler[_a_union]
    """A union was chosen by click, Enter or Space: `(union_id)`."""


union_tree = UnionTree.create
