"""`gdftu serve` and `gdftu worker`."""

import os
import signal
import subprocess
import sys
import threading
from typing import Annotated

import typer

from gdftu_app.cli.building import build_if_stale, reflex_environment
from gdftu_app.cli.demo import load_with_progress
from gdftu_app.config import PROJECT_FOLDER, host, port, settings
from gdftu_app.db import unit_of_work
from gdftu_app.integrations.logs import GRANIAN_LOGGING
from gdftu_app.queries.installation import has_demo_accounts
from gdftu_app.services import worker as tasks
from gdftu_app.services.demo.people import DEMO_PASSWORD, DEMO_SIGN_INS
from gdftu_app.services.starting import prepare


def serve(dev: Annotated[bool, typer.Option("--dev", help="开发模式：改动后自动重新载入")] = False) -> None:
    """Bring everything up to date and serve console, HTTP doors and worker on one port (`HOST`, `PORT`)."""
    prepare()
    if not settings().is_production:
        load_with_progress()
    if dev:
        raise SystemExit(_run_reflex())
    build_if_stale()
    _announce()
    _serve_built()


def worker() -> None:
    """Run the worker alone, until it is asked to stop."""
    prepare()
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    tasks.run(stop)


def _run_reflex() -> int:
    command = [
        sys.executable,
        "-m",
        "reflex",
        "run",
        "--env",
        "preview",
        "--frontend-port",
        str(port()),
        "--backend-host",
        host(),
    ]
    return subprocess.call(command, cwd=PROJECT_FOLDER, env=reflex_environment())


def _serve_built() -> None:
    os.environ.update(reflex_environment())
    os.chdir(PROJECT_FOLDER)
    from granian.constants import HTTPModes, Interfaces
    from granian.server import Server
    from reflex.constants import Env
    from reflex.environment import environment

    environment.REFLEX_ENV_MODE.set(Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    Server(
        "gdftu_app.gdftu_app:app",
        address=host(),
        port=port(),
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        workers=settings().workers,
        factory=True,
        log_dictconfig=GRANIAN_LOGGING,
        backpressure=512,
        workers_kill_timeout=10,
    ).serve()


def _announce() -> None:
    typer.echo(f"\n  平台已就绪： http://{host()}:{port()}\n")
    if settings().is_production:
        return
    with unit_of_work(reading=True) as session:
        if not has_demo_accounts(session):
            return
    typer.echo(f"  演示账号（密码均为 {DEMO_PASSWORD}；短信验证码见 gdftu outbox）：")
    for sign_in in DEMO_SIGN_INS:
        typer.echo(f"    {sign_in.phone}  {sign_in.who}")
    typer.echo("")
