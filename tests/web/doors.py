"""Every way in over HTTP: the routes of our own, the pages, and what Reflex brings along."""

from typing import Any

from reflex.constants import Endpoint, Page404
from starlette.applications import Starlette
from starlette.routing import Route

from gdftu_app.api.application import PREFIX, make_api
from gdftu_app.gdftu_app import app
from gdftu_app.pages.registry import PAGES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


def own_routes() -> dict[str, set[str]]:
    """Address → methods of every route that is not a page."""
    transformers: Any = app.api_transformer
    routes = [
        route for transformer in transformers if isinstance(transformer, Starlette) for route in transformer.routes
    ]
    return {route.path: set(route.methods or ()) for route in routes if isinstance(route, Route)}


def api_operations() -> dict[str, set[str]]:
    """Address → methods of every operation of the API, and of its document."""
    operations = make_api().openapi()["paths"].items()
    document = {f"{PREFIX}/{name}": {"GET", "HEAD"} for name in ("openapi.json", "docs")}
    return {f"{PREFIX}{path}": {method.upper() for method in methods} for path, methods in operations} | document


def pages() -> list[str]:
    """Addresses of the pages, as they are served; the one for addresses that lead nowhere has none of its own."""
    return [f"{route}/" for route in PAGES if route != Page404.SLUG]


def reflex_endpoints() -> list[str]:
    """What Reflex itself answers, or would if something switched it on."""
    registered = [getattr(route, "path", "") for route in (app._api.routes if app._api else [])]
    return sorted({f"/{str(endpoint).lstrip('/')}" for endpoint in Endpoint} | {path for path in registered if path})
