"""Arguments for any handler, made from its type hints: those it must cope with, and those it must refuse."""

import inspect
from collections.abc import Callable, Sequence
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

Payload = dict[str, Any]
LONG = "长" * 20_000
# Nothing in the world has this id.
NOBODYS_ID = 7_499_999
ODD_NUMBERS = [0, 1, -1, 2, 200, 2**31 - 1, 2**31, 2**63, 10**40]
ODD_TEXTS = [
    "",
    "总工会",
    "邻江",
    "ljs",
    "91447400007",
    "%",
    "_",
    "'",
    "\\",
    "\0",
    "all",
    "20",
    "100",
    "²",
    "١",
    "9" * 40,
    "k" * 43,
    "工" * 60,
]
STRANGE: list[Any] = [None, True, 0.5, "x", "", LONG, -(10**40), [], [[[]]], {}, {"id": 1}, [1, "x", None]]


def shapes(handler: Callable[..., Any]) -> dict[str, Any]:
    """The parameters of a handler with their hints."""
    names = list(inspect.signature(handler).parameters)[1:]
    hints = get_type_hints(handler, include_extras=True)
    return {name: hints[name] for name in names}


def well_formed(handler: Callable[..., Any], *, ids: Sequence[int] = (), texts: Sequence[str] = ()) -> list[Payload]:
    """Payloads of the declared types: each parameter in turn takes each of the ids or texts, or each odd value."""
    values = {
        name: _accepted(hint, _values(hint, ids or [NOBODYS_ID], texts or ["总工会"]))
        or _accepted(hint, _values(hint, ODD_NUMBERS, ODD_TEXTS))
        for name, hint in shapes(handler).items()
    }
    for name, tried in values.items():
        assert tried, f"teach tests/state/arguments.py a value that {handler.__qualname__} takes for {name}"
    usual = {name: tried[0] for name, tried in values.items()}
    return [usual, *(usual | {name: value} for name, tried in values.items() for value in tried[1:])]


def id_parameters(handler: Callable[..., Any]) -> list[str]:
    """The parameters that could name a union."""
    return [name for name, hint in shapes(handler).items() if _accepted(hint, [NOBODYS_ID])]


def malformed(handler: Callable[..., Any]) -> list[Any]:
    """Payloads that the declaration does not allow: wrong types, too little, too much, and what is no payload."""
    hints = shapes(handler)
    usual = well_formed(handler)[0]
    wrong = [usual | {name: value} for name, hint in hints.items() for value in STRANGE if not _accepted(hint, [value])]
    missing = [{name: value for name, value in usual.items() if name != left_out} for left_out in usual]
    extra = [usual | {name: 1} for name in ("self", "surplus", "_acting_id", "arguments")]
    return [*wrong, *missing, *extra, [], ["x"], "x", 7, True]


def _accepted(hint: Any, values: list[Any]) -> list[Any]:
    adapter = TypeAdapter(hint, config=ConfigDict(strict=True, str_max_length=2000))

    def is_accepted(value: Any) -> bool:
        try:
            adapter.validate_python(value)
        except ValidationError:
            # Members of enumerations travel as their values.
            return inspect.isclass(hint) and issubclass(hint, Enum) and value in [member.value for member in hint]
        return True

    return [value for value in values if is_accepted(value)]


def _values(hint: Any, ids: Sequence[int], texts: Sequence[str]) -> list[Any]:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _values(parts[0], ids, texts)
    if origin is Literal:
        return list(parts)
    if origin in (Union, UnionType):
        return [value for part in parts for value in _values(part, ids, texts)]
    if origin in (list, tuple, set):
        each = _values(parts[0], ids, texts)
        return [each[:1], [], each, each * 50]
    if origin is dict:
        return [{}]
    if inspect.isclass(hint) and issubclass(hint, Enum):
        return [member.value for member in hint]
    known: dict[Any, list[Any]] = {
        int: list(ids),
        str: list(texts),
        bool: [True, False],
        float: [0.0, -1.5, 1e300],
        NoneType: [None],
    }
    if hint not in known:
        raise NotImplementedError(f"teach tests/state/arguments.py what to send for {hint}")
    return known[hint]
