"""Drawings of our own: the seal, and the shapes that tell a status without its word."""

from enum import StrEnum

import reflex as rx

I_BEAM = "M7 7.5h14v3h-5.5v7H22v3H6v-3h6.5v-7H7z"


class StatusShape(StrEnum):
    """The shapes of a status; each suffices without colour."""

    PASSED, WAITING, REJECTED, RUNNING = "ok", "wait", "no", "run"
    DRAFT, RETAINED, ENDED = "draft", "kept", "ended"


_DISC = "M7 .5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z"


def seal() -> rx.Component:
    """The mark of the platform: 工 as an I-beam in a red square. The union's official emblem is not used."""
    return rx.el.svg(
        rx.el.rect(width="28", height="28", rx="4", class_name="seal-ground"),
        rx.el.path(d=I_BEAM, fill="#fff"),
        view_box="0 0 28 28",
        class_name="seal",
        custom_attrs={"aria-hidden": "true"},
    )


def status(shape: StatusShape, word: rx.Var[str] | str) -> rx.Component:
    """A status as shape and word; what is over or not begun is written in the quieter ink."""
    quiet = shape in (StatusShape.DRAFT, StatusShape.RETAINED, StatusShape.ENDED)
    return rx.el.span(status_shape(shape), word, class_name=f"st {'off' if quiet else shape}")


def status_shape(shape: StatusShape) -> rx.Component:
    """The shape alone, 14 px, in the colour of the `.st` around it."""
    return rx.el.svg(*_strokes(shape), view_box="0 0 14 14", custom_attrs={"aria-hidden": "true"})


def _strokes(shape: StatusShape) -> list[rx.Component]:
    match shape:
        case StatusShape.PASSED:
            return [_disc(), _line("m4 7.2 2.1 2.1L10 5.2")]
        case StatusShape.REJECTED:
            return [_disc(), _line("m4.8 4.8 4.4 4.4m0-4.4L4.8 9.2")]
        case StatusShape.WAITING:
            return [_ring(), rx.el.path(d="M7 3a4 4 0 0 1 0 8z", fill="currentColor")]
        case StatusShape.RUNNING:
            return [_ring(), rx.el.circle(cx="7", cy="7", r="2.6", fill="currentColor")]
        case StatusShape.DRAFT:
            return [_ring(dashes="1.8 1.81")]
        case StatusShape.RETAINED:
            return [_ring(), rx.el.path(d="M4.6 7h4.8", stroke="currentColor", stroke_width="1.5")]
        case StatusShape.ENDED:
            outline = "M3.75 1.75h6.5a2 2 0 0 1 2 2v6.5a2 2 0 0 1-2 2h-6.5a2 2 0 0 1-2-2v-6.5a2 2 0 0 1 2-2z"
            return [rx.el.path(d=outline, fill="none", stroke="currentColor", stroke_width="1.5")]


def _disc() -> rx.Component:
    return rx.el.path(d=_DISC, fill="currentColor")


def _ring(dashes: str = "none") -> rx.Component:
    return rx.el.circle(
        cx="7", cy="7", r="5.75", fill="none", stroke="currentColor", stroke_width="1.5", stroke_dasharray=dashes
    )


def _line(d: str) -> rx.Component:
    return rx.el.path(d=d, fill="none", stroke="var(--color-background)", stroke_width="1.6", stroke_linecap="round")
