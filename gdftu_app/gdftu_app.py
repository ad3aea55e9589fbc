"""The application put together: pages, guard, routes, gate."""

import reflex as rx
from reflex.config import get_config
from starlette.applications import Starlette
from starlette.types import ASGIApp

import gdftu_app.pages  # noqa: F401  (registers the pages)
from gdftu_app.api import application as api
from gdftu_app.components.look import STYLESHEETS
from gdftu_app.config import origins, settings
from gdftu_app.errors import Misconfigured
from gdftu_app.h5 import consents as member_consents
from gdftu_app.h5 import join as member_join
from gdftu_app.h5 import me as member_home
from gdftu_app.h5 import own_data as member_data
from gdftu_app.h5 import posters
from gdftu_app.h5 import requests as member_requests
from gdftu_app.h5 import sign_in as member_sign_in
from gdftu_app.h5 import transfer as member_transfer
from gdftu_app.h5 import verify as member_verify
from gdftu_app.pages.registry import PAGES
from gdftu_app.services import worker
from gdftu_app.services.observing import observe
from gdftu_app.state.failures import report_failure
from gdftu_app.state.guard import Guard
from gdftu_app.web import entry_codes, files, health, job_files, members, passwords, sessions, statistics
from gdftu_app.web.gate import Gate
from gdftu_app.web.memory import settle


def gated(application: ASGIApp) -> ASGIApp:
    """The gate in front of everything else."""
    return Gate(application, pages=lambda: frozenset({"/", *PAGES}))


if tuple(get_config().cors_allowed_origins) != tuple(origins()):
    raise Misconfigured("没有读到 rxconfig.py，请在项目目录中启动服务。")
observe()
app = rx.App(
    html_lang="zh-CN",
    stylesheets=STYLESHEETS,
    toaster=None,
    app_wraps={},
    backend_exception_handler=report_failure,
    head_components=[
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
    ],
    api_transformer=[
        Starlette(
            routes=[
                *sessions.routes,
                *passwords.routes,
                *entry_codes.routes,
                *posters.routes,
                *files.routes,
                *job_files.routes,
                *health.routes,
                *members.routes,
                *statistics.routes,
                *member_sign_in.routes,
                *member_verify.routes,
                *member_home.routes,
                *member_join.routes,
                *member_transfer.routes,
                *member_requests.routes,
                *member_data.routes,
                *member_consents.routes,
                *api.routes,
            ]
        ),
        gated,
    ],
)
app.add_middleware(Guard())
app.register_lifespan_task(settle)
if settings().is_embedded:
    app.register_lifespan_task(worker.running)
