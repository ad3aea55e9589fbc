"""The union tree (组织树): one level at a time, by keyboard, drawn only where visible."""

from gdftu_app.components.tree.union_tree import UnionTree, union_tree

__all__ = ["UnionTree", "union_tree"]
