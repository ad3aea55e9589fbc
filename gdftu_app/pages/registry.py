"""Registering pages: a route, a title, and what runs when it opens."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from gdftu_app.components.doors import PRODUCT
from gdftu_app.components.shell import shell
from gdftu_app.components.states import not_found
from gdftu_app.components.texts import pick
from gdftu_app.i18n import LANGUAGES, render
from gdftu_app.security.features import Feature
from gdftu_app.state.bell import BellState
from gdftu_app.state.current import CurrentUnion

Component = Callable[[], rx.Component]
PAGES: dict[str, Component] = {}


def page(route: str, *, title: str, on_load: Any = None) -> Callable[[Component], Component]:
    """A page without the console's shell, such as the sign-in page. Its title follows the reader's language."""

    def register(component: Component) -> Component:
        PAGES[route] = component
        titles = {language: f"{render(title, language)} · {render(PRODUCT, language)}" for language in LANGUAGES}
        rx.page(route=route, title=pick(titles), on_load=on_load)(component)
        return component

    return register


def console_page(feature: Feature, *, on_load: Any) -> Callable[[Component], Component]:
    """The page of a function: within the shell, after the acting union is known. Permission is asked by its events.

    `on_load` is an event, or a list of them.
    """
    opening = on_load if isinstance(on_load, list) else [on_load]

    def register(component: Component) -> Component:
        def within_shell() -> rx.Component:
            is_for_actor = (CurrentUnion.name == "") | CurrentUnion.features.contains(feature.key)
            return shell(feature, rx.cond(is_for_actor, component(), not_found(CurrentUnion.name)))

        page(feature.path, title=feature.title, on_load=[CurrentUnion.arrive, *opening, BellState.look])(within_shell)
        return component

    return register
