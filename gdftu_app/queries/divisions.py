"""Names of divisions (政区) by their codes (GB/T 2260 and 10114, 广东省)."""

import csv
from functools import cache
from importlib.resources import files


def division_name(code: str | None) -> str:
    """The full name of a division from the province down: 广东省佛山市顺德区; a code that is not listed as it is."""
    return _full_names().get(code or "", code or "")


@cache
def _full_names() -> dict[str, str]:
    text = (files("gdftu_app") / "data" / "guangdong_divisions.csv").read_text("utf-8")
    names: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        above = names.get(row["parent_code"], "")
        # Two cities have no counties; the list gives each a county of its own name.
        names[row["code"]] = above if above.endswith(row["name"]) else above + row["name"]
    return names
