"""The document of the API: `openapi.json` for programs, `docs` for people, both in the reader's language."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gdftu_app.api.languages import language_of
from gdftu_app.api.wire import LABELS
from gdftu_app.i18n import render

_TOLD = ("summary", "description", "title")
_METHODS = ("get", "post", "delete")
_templates = Environment(
    loader=PackageLoader("gdftu_app.api"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def routes_of(api: FastAPI) -> list[Route]:
    """The addresses of an application's document."""

    async def openapi(request: Request) -> Response:
        """`GET openapi.json`."""
        return JSONResponse(_in_language(api.openapi(), language_of(request)))

    async def docs(request: Request) -> Response:
        """`GET docs`: the same as one plain page, without any script."""
        language = language_of(request)
        document = _in_language(api.openapi(), language)
        page = _templates.get_template("docs.html").render(
            document=document,
            operations=list(_operations(document)),
            language=language,
            t=lambda text: render(text, language),
        )
        return HTMLResponse(page)

    return [Route("/openapi.json", openapi, methods=["GET"]), Route("/docs", docs, methods=["GET"])]


def _in_language(node: Any, language: str) -> Any:
    """The document with everything that people read in a language: what is told, tags, and labels of codes."""
    if isinstance(node, list):
        return [_in_language(one, language) for one in node]
    if not isinstance(node, dict):
        return node
    told: dict[str, Any] = {
        name: render(text, language) for name, text in node.items() if name in _TOLD and isinstance(text, str)
    }
    if "tags" in node:
        told["tags"] = [render(tag, language) for tag in node["tags"]]
    if LABELS in node:
        told[LABELS] = {code: render(label, language) for code, label in node[LABELS].items()}
    return {name: told[name] if name in told else _in_language(inner, language) for name, inner in node.items()}


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                yield {
                    "address": f"{method.upper()} {path}",
                    "needs_token": "security" in operation,
                    "asked": [
                        *(_parameter(document, one) for one in operation.get("parameters", [])),
                        *_properties(document, operation.get("requestBody")),
                    ],
                    "answers": [
                        (status, answer["description"], _properties(document, answer) if status < "300" else [])
                        for status, answer in operation["responses"].items()
                    ],
                    **{name: operation.get(name, "") for name in ("summary", "description")},
                }


def _parameter(document: dict[str, Any], one: dict[str, Any]) -> tuple[str, str, str, bool]:
    return one["name"], _type_of(document, one["schema"]), one.get("description", ""), one["required"]


def _properties(document: dict[str, Any], holder: dict[str, Any] | None) -> list[tuple[str, str, str, bool]]:
    """Name, type, description and whether it is needed, of each field of a body."""
    content = (holder or {}).get("content", {}).get("application/json", {}).get("schema")
    if not content:
        return []
    schema = _resolved(document, content)
    needed = schema.get("required", [])
    return [
        (name, _type_of(document, field), _told(field), name in needed)
        for name, field in schema.get("properties", {}).items()
    ]


def _told(field: dict[str, Any]) -> str:
    codes = "; ".join(f"{code} {label}" for code, label in field.get(LABELS, {}).items())
    return f"{field.get('description', '')}{' — ' if codes else ''}{codes}"


def _type_of(document: dict[str, Any], field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " | ".join(_type_of(document, one) for one in field["anyOf"])
    schema = _resolved(document, field)
    if "enum" in schema and LABELS not in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"[{_type_of(document, schema['items'])}]"
    if schema.get("properties"):
        inner = (f"{name}: {_type_of(document, one)}" for name, one in schema["properties"].items())
        return f"{{{', '.join(inner)}}}"
    return str(schema.get("format") or schema.get("type", ""))


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    named = schema.get("$ref", "")
    return document["components"]["schemas"][named.rpartition("/")[2]] if named else schema
