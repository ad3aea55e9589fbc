"""Build plugin: the built console finds its server where it was loaded from, on any host and port."""

import re
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

_LITERAL_ADDRESS = re.compile(r"""([`"'])(ws|http)://localhost:\d+""")


def same_origin(source: str) -> str:
    """Replace the addresses that the build wrote down by the page's own origin, computed in the browser.

    >>> same_origin('EVENT:`ws://localhost:8000/_event`')
    'EVENT:globalThis.location.origin.replace("http","ws")+`/_event`'
    """

    def origin(match: re.Match[str]) -> str:
        here = "globalThis.location.origin"
        return f'{here}.replace("http","ws")+{match[1]}' if match[2] == "ws" else f"{here}+{match[1]}"

    return _LITERAL_ADDRESS.sub(origin, source)


class SameOriginPlugin(Plugin):
    """Rewrites the one chunk that holds addresses, after the build and before its files are compressed."""

    def post_build(self, **context: Any) -> None:
        """Rewrite the chunk `reflex-env-*.js` of the finished build."""
        for chunk in Path(context["static_dir"]).glob("assets/reflex-env-*.js"):
            chunk.write_text(same_origin(chunk.read_text()))
