"""Several users at once, each a process with a connection of its own, as workers are."""

import time
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from random import Random
from typing import Any

from bench.asking import actor_in, ask
from bench.keywords import keywords_of
from bench.timing import Timing, timed
from bench.world import World
from gdftu_app.db import make_engine
from gdftu_app.queries.union_search import search_unions

SECONDS = 8.0


def searching(url: str, world: World, users: int) -> tuple[Timing, float]:
    """Users that search without a pause for some seconds: what each search took, and searches per second."""
    context = get_context("spawn")
    start, answers = context.Barrier(users), context.SimpleQueue()
    processes = [context.Process(target=_user, args=(url, world, number, start, answers)) for number in range(users)]
    for process in processes:
        process.start()
    samples = [sample for _ in processes for sample in answers.get()]
    for process in processes:
        process.join()
    return Timing(samples), len(samples) / SECONDS


def _user(url: str, world: World, number: int, start: Barrier, answers: Any) -> None:
    engine = make_engine(url)
    actors = [actor_in(engine, union) for union in (world.province, world.city, world.county)]
    asked = [(actor, word) for words in keywords_of(engine).values() for word in words for actor in actors]
    Random(number).shuffle(asked)  # noqa: S311  (a benchmark must be the same at every run)
    for actor, keyword in asked[:40]:
        ask(engine, search_unions, actor, keyword=keyword)
    start.wait()
    samples: list[float] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        actor, keyword = asked[len(samples) % len(asked)]
        samples.append(timed(lambda actor=actor, keyword=keyword: ask(engine, search_unions, actor, keyword=keyword)))
    answers.put(samples)
