"""Health, readiness and figures for the operator (`/healthz`, `/readyz`, `/metrics`)."""

import hmac
import time
from ipaddress import ip_address

from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.queries.installation import installation_figures
from gdftu_app.services.migrations import pending
from gdftu_app.web.requests import read_request

STARTED = time.time()


async def healthz(_request: Request) -> Response:
    """200 while the process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(_request: Request) -> Response:
    """200 when database, migrations and, if configured, Redis are there; else 503 and which is not."""
    checks = await run_in_threadpool(readiness)
    is_ready = all(checks.values())
    return JSONResponse({"status": "ok" if is_ready else "unavailable", "checks": checks}, 200 if is_ready else 503)


async def metrics(request: Request) -> Response:
    """Prometheus text, to this machine itself or with `Authorization: Bearer <GDFTU_METRICS_TOKEN>`; else 404."""
    if not _may_read_metrics(request):
        return PlainTextResponse("Not Found", 404)
    figures = await run_in_threadpool(_figures)
    lines = [f"# TYPE gdftu_{name} gauge\ngdftu_{name} {value}" for name, value in figures.items()]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def readiness() -> dict[str, bool]:
    """What a server needs, and whether it is there."""
    checks = {"database": _answers(_ask_database), "migrations": _answers(_ask_migrations)}
    if settings().redis_url:
        checks["redis"] = _answers(_ask_redis)
    return checks


def _answers(question) -> bool:
    try:
        return question()
    except Exception:
        return False


def _ask_database() -> bool:
    with unit_of_work(reading=True) as session:
        return session.connection().execute(text("SELECT 1")).scalar() == 1


def _ask_migrations() -> bool:
    return not pending()


def _ask_redis() -> bool:
    from redis import Redis

    return bool(Redis.from_url(settings().redis_url, socket_timeout=2).ping())


def _may_read_metrics(request: Request) -> bool:
    token = settings().metrics_token.get_secret_value()
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    try:
        return not settings().trusted_proxies and ip_address(read_request(request.scope).address).is_loopback
    except ValueError:
        return False


def _figures() -> dict[str, float]:
    with unit_of_work(reading=True) as session:
        return {"uptime_seconds": round(time.time() - STARTED, 1), **installation_figures(session)}


routes = [
    Route("/healthz", healthz, methods=["GET"]),
    Route("/readyz", readyz, methods=["GET"]),
    Route("/metrics", metrics, methods=["GET"]),
]
