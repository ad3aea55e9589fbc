"""The application's own source, parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from gdftu_app.config import PROJECT_FOLDER

PACKAGE = PROJECT_FOLDER / "gdftu_app"


@dataclass(frozen=True)
class Module:
    """One file of the package; `name` is its path within it."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @property
    def layer(self) -> str:
        """The first folder, or the file itself for the modules at the top."""
        return Path(self.name).parts[0].removesuffix(".py")

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call with what is called, as it is written."""
        return ((ast.unparse(node.func), node) for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def strings(self) -> Iterator[ast.Constant]:
        """Every string that is no docstring."""
        bare = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
                yield node


@cache
def modules() -> tuple[Module, ...]:
    """All modules of the application."""
    paths = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
    return tuple(Module(path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def of_layers(*layers: str) -> list[Module]:
    """The modules of some layers."""
    return [module for module in modules() if module.layer in layers]
