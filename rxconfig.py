"""Reflex configuration: one port, no telemetry, nothing asked of any other host."""

import reflex as rx
from reflex.constants import LogLevel

from gdftu_app.components.look import console_theme
from gdftu_app.components.look.same_origin import SameOriginPlugin
from gdftu_app.config import origins, settings

config = rx.Config(
    app_name="gdftu_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=origins(),
    trusted_proxy_hops=settings().trusted_proxies,
    redis_url=settings().redis_url or None,
    frontend_compression_formats=["gzip", "brotli"],
    plugins=[rx.plugins.RadixThemesPlugin(theme=console_theme()), SameOriginPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    loglevel=LogLevel.WARNING,
)
