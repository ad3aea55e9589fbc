"""What people type into the search box, taken from the names that are there."""

from collections.abc import Sequence
from random import Random

from sqlalchemy import Engine, text

PER_KIND = 12
COMMON = (
    "委员会",
    "有限公司",
    "工会",
    "工会委员会",
    "公司",
    "联合",
    "广东",
    "科技有限公司",
    "教育工会",
    "镇总工会",
    "市",
    "分公司",
)
ABSENT = (
    "绝无此",
    "齉龘",
    "火星工业",
    "zzzqx",
    "99999999",
    "%_",
    "甲乙丙丁",
    "qqq",
    "鑫鑫鑫",
    "莫须有",
    "xyzzy",
    "无中生有",
)


def keywords_of(engine: Engine, seed: int = 7) -> dict[str, list[str]]:
    """Keywords by kind; the same for the same world."""
    random = Random(seed)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT name, initials, uscc FROM unions WHERE NOT is_above_base ORDER BY id")
        ).all()
        cities = connection.execute(text("SELECT name FROM unions WHERE level = 'city' ORDER BY id")).scalars().all()
    chosen = random.sample(rows, PER_KIND)
    return {
        "common word": list(COMMON),
        "absent word": list(ABSENT),
        "one character": [random.choice(name[:-5]) for name, _, _ in chosen],
        "part of a name, 2": [_part(random, name, 2) for name, _, _ in chosen],
        "part of a name, 4": [_part(random, name, 4) for name, _, _ in chosen],
        "part of a name, 8": [_part(random, name, 8) for name, _, _ in chosen],
        "two parts": [f"{_part(random, name, 2)} {_part(random, name, 2)}" for name, _, _ in chosen],
        "name of a city": [random.choice(cities).removesuffix("总工会") for _ in chosen],
        "initials, 4": [_part(random, initials, 4) for _, initials, _ in chosen],
        "initials, 7": [_part(random, initials, 7) for _, initials, _ in chosen],
        "whole code": [uscc for _, _, uscc in chosen],
        "part of a code, 6": [uscc[-6:] for _, _, uscc in chosen],
    }


def _part(random: Random, value: str, length: int) -> str:
    """A stretch of a text without the common end of names, 工会委员会."""
    body: Sequence[str] = value[:-5] if len(value) > length + 5 else value
    start = random.randint(0, max(0, len(body) - length))
    return "".join(body[start : start + length])
