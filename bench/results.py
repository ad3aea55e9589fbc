"""Results: what was measured, kept as data beside the machine that it was measured on; `document` renders them."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gdftu_app.clock import today

RESULTS = Path(__file__).parent / "results"
_GIB = 1 << 30


@dataclass(frozen=True)
class Table:
    """A table; every cell as it is shown."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    """A section of docs/benchmarks.md: `notes` are paragraphs that tell how to read it."""

    title: str
    notes: Sequence[str]
    tables: Sequence[Table]
    machine: str = field(default_factory=lambda: machine())
    measured_on: str = field(default_factory=lambda: day())


def machine(server: str = "") -> str:
    """What the machine is, as far as it matters and without naming it, and how busy it is now."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    busy = "nothing else on them" if load < 1 else f"load {load:.0f} on them when it began"
    software = ", ".join(filter(None, (server, f"Python {platform.python_version()}")))
    return f"{cores} cores ({_processor()}), {busy}; {memory:.0f} GiB of memory; {software}"


def day() -> str:
    """Today in China."""
    return today().isoformat()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def save_section(name: str, section: Section) -> None:
    """Keep a section of the document under a name; an earlier one of that name is replaced."""
    save(f"section-{name}", asdict(section))


def save(name: str, result: dict[str, Any]) -> None:
    """Keep a result under a name; an earlier one of that name is replaced."""
    RESULTS.mkdir(exist_ok=True)
    kept = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    (RESULTS / f"{name}.json").write_text(kept, encoding="utf-8")


def is_kept(name: str) -> bool:
    """Whether there is a result of that name."""
    return (RESULTS / f"{name}.json").exists()


def figures_name(kind: str, members: int) -> str:
    """The name of what overview and statistics cost in a database of that kind with so many members."""
    return f"figures-{kind}-{round(members / 1e6):03d}"


def saved(prefix: str) -> list[dict[str, Any]]:
    """The results kept under names that begin so, by name."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob(f"{prefix}-*.json"))]


def sections() -> list[Section]:
    """All sections kept, by name."""
    return [_section(**kept) for kept in saved("section")]


def _section(tables: list[dict[str, Any]], **others: Any) -> Section:
    return Section(tables=[Table(**table) for table in tables], **others)
