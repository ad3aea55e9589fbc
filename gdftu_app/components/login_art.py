"""The picture of the sign-in page: 工 set in dots, one for each member on the register."""

import reflex as rx

PITCH, DOT, ROUNDING = 24, 15, 5
_FULL, _STRONG, _MIDDLE, _SOFT, _STRAY = "#xo*+"
_DOTS = (
    "........................",
    "........................",
    "........................",
    "........................",
    "...............+.....+..",
    "..+..*#x#o###o##o##.....",
    ".....*####*o######o.....",
    ".....#o####*##ox##x.....",
    "..........ox##..........",
    "..........*x#o.........+",
    "..........##xo.....+....",
    "..........####..+.......",
    "..........#*#*.+..+.....",
    "..........##o#....+.....",
    "..........##x#....+.....",
    "..........#*x#..........",
    "..........*###...+......",
    "...###o#####o##xxox**...",
    "...oo######x*##o*##x#+..",
    "...*##*##x#o*###xox*o...",
    ".......................+",
    "........................",
    ".+......................",
    "........................",
    "........................",
)
_TONES = {_FULL: "dot-1", _STRONG: "dot-2", _MIDDLE: "dot-3", _SOFT: "dot-4", _STRAY: "dot-5"}


def login_art() -> rx.Component:
    """The dots as one inline picture (under 4 KB); colours are the stylesheet's, so it follows light and dark.

    On a narrow screen the same picture fades in at the right of the head (class `art` in `console.css`).
    """
    width, height = (len(_DOTS[0]) - 1) * PITCH + DOT, (len(_DOTS) - 1) * PITCH + DOT
    ground = rx.el.svg.pattern(
        rx.el.path(d=_square(0, 0), class_name="dot-0"),
        id="login-dots",
        width=PITCH,
        height=PITCH,
        pattern_units="userSpaceOnUse",
    )
    return rx.el.svg(
        rx.el.defs(ground),
        rx.el.rect(width=width, height=height, fill="url(#login-dots)"),
        *[rx.el.path(d=_path(tone), class_name=name) for tone, name in _TONES.items()],
        view_box=f"0 0 {width} {height}",
        class_name="art",
        custom_attrs={"aria-hidden": "true", "preserveAspectRatio": "xMinYMin meet"},
    )


def _path(tone: str) -> str:
    return "".join(
        _square(column * PITCH, row * PITCH)
        for row, line in enumerate(_DOTS)
        for column, dot in enumerate(line)
        if dot == tone
    )


def _square(x: int, y: int) -> str:
    """A square of the dot's size once the stylesheet strokes it with the rounding's width."""
    inset, side = ROUNDING / 2, DOT - ROUNDING
    return f"M{x + inset:g} {y + inset:g}h{side}v{side}h-{side}z"
