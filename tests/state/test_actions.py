"""What a declaration makes of a handler: arguments of exactly the declared types, refusals told instead of raised."""

import asyncio
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, StringConstraints

from gdftu_app.errors import InvalidInput, NotFound, Refusal
from gdftu_app.security.permissions import Permission
from gdftu_app.state.actions import Audience, Rule, account_action, action, public_action, rule_of


class Colour(StrEnum):
    RED, BLUE = "red", "blue"


class Screen:
    """A screen as far as a declaration knows one."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.refused: list[Refusal] = []

    async def _refuse(self, refusal: Refusal) -> str:
        self.refused.append(refusal)
        return "refused"

    @action(Permission.MEMBERS_VIEW)
    async def count(self, number: Annotated[int, Field(ge=1, lt=10)], *, often: int = 1):
        self.seen.append((number, often))
        return "done"

    @action
    async def name(self, text: Annotated[str, StringConstraints(max_length=3)], colour: Literal["red"] = "red"):
        self.seen.append((text, colour))

    @account_action
    async def paint(self, colour: Colour, again: bool, places: list[int], note: str | None):
        self.seen.append((colour, again, places, note))

    @public_action
    async def walk(self, steps: int):
        self.seen.append(steps)
        yield "first"
        if steps > 1:
            raise NotFound
        yield "last"

    async def hidden(self):
        self.seen.append("hidden")


def run(screen: Screen, handler: str, **arguments: Any) -> Any:
    return asyncio.run(getattr(screen, handler)(**arguments))


async def _steps(screen: Screen, **arguments: Any) -> list[Any]:
    return [step async for step in screen.walk(**arguments)]


class TestRules:
    def test_say_whom_a_handler_is_for(self):
        assert rule_of(Screen.count) == Rule(Audience.ACTORS, Permission.MEMBERS_VIEW)
        assert rule_of(Screen.name) == Rule(Audience.ACTORS)
        assert rule_of(Screen.paint) == Rule(Audience.ACCOUNTS)
        assert rule_of(Screen.walk) == Rule(Audience.VISITORS)

    def test_are_not_there_without_a_declaration(self):
        assert rule_of(Screen.hidden) is None

    def test_leave_the_handlers_name_to_it(self):
        assert Screen.count.__name__ == "count"
        assert Screen.walk.__doc__ == Screen.walk.__wrapped__.__doc__


class TestArguments:
    def test_as_declared_are_passed_on(self):
        screen = Screen()

        assert run(screen, "count", number=9) == "done"
        run(screen, "count", number=1, often=3)
        run(screen, "name", text="工会")
        run(screen, "paint", colour=Colour.BLUE, again=False, places=[1, 2], note=None)

        assert screen.seen == [(9, 1), (1, 3), ("工会", "red"), (Colour.BLUE, False, [1, 2], None)]
        assert not screen.refused

    @pytest.mark.parametrize(
        "arguments",
        [
            *({"number": value} for value in (0, 10, -1, 1.0, "1", True, None, [1], {"a": 1}, float("nan"), 10**40)),
            {},
            {"often": 1},
            {"number": 1, "often": None},
            {"number": 1, "surplus": 1},
            {"number": 1, "self": 1},
            {"number": 1, "args": [1]},
        ],
    )
    def test_of_another_shape_reach_nothing(self, arguments: dict[str, Any]):
        screen = Screen()

        assert run(screen, "count", **arguments) == "refused"

        assert not screen.seen
        assert isinstance(screen.refused[0], InvalidInput)

    @pytest.mark.parametrize(
        "arguments",
        [{"text": "四个字的"}, {"text": 1}, {"text": b"x"}, {"text": "x", "colour": "blue"}, {"text": ["x"]}],
    )
    def test_beyond_their_bounds_reach_nothing(self, arguments: dict[str, Any]):
        screen = Screen()

        run(screen, "name", **arguments)

        assert not screen.seen

    @pytest.mark.parametrize(
        "changed",
        [{"colour": "green"}, {"again": 1}, {"again": "true"}, {"places": [1, "2"]}, {"places": (1,)}, {"note": 7}],
    )
    def test_are_not_turned_into_what_they_are_not(self, changed: dict[str, Any]):
        screen = Screen()

        run(screen, "paint", **({"colour": Colour.RED, "again": True, "places": [1], "note": "x"} | changed))

        assert not screen.seen

    def test_of_text_have_an_end_where_none_is_declared(self):
        screen = Screen()

        run(screen, "paint", colour=Colour.RED, again=True, places=[], note="x" * 2001)

        assert not screen.seen


class TestSteps:
    def test_are_taken_one_by_one(self):
        assert asyncio.run(_steps(Screen(), steps=1)) == ["first", "last"]

    def test_that_are_refused_midway_say_so_in_their_place(self):
        screen = Screen()

        assert asyncio.run(_steps(screen, steps=2)) == ["first", "refused"]
        assert isinstance(screen.refused[0], NotFound)

    def test_do_not_begin_with_arguments_of_another_shape(self):
        screen = Screen()

        assert asyncio.run(_steps(screen, steps="1")) == ["refused"]
        assert not screen.seen


def test_a_handler_whose_arguments_have_no_types_cannot_be_declared():
    with pytest.raises(KeyError):

        @action
        async def untyped(self, number):
            return number
