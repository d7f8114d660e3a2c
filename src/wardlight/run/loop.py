"""The event loop a node runs on: uvloop where it is installed, else Python's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from importlib import import_module
from importlib.util import find_spec

from wardlight.run.commands.say import progress
from wardlight.run.faults import keep_memory_private, quiet_logging, sentence


def run(main: Coroutine[None, None, None]) -> None:
    """Run `main` to its end, leaving nothing of a patient in logs and dumps."""
    keep_memory_private()
    quiet_logging()
    with asyncio.Runner(loop_factory=_factory()) as runner:
        runner.get_loop().set_exception_handler(_tell)
        runner.run(main)


def _tell(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Say where an error happened that nobody caught; never with what it was about.

    The default would print the arguments of the call, which may be a message.
    """
    error = context.get("exception")
    told = sentence(error) if isinstance(error, BaseException) else str(context.get("message"))
    progress(f"wardlight: {told}")


def _factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if find_spec("uvloop") is None:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = import_module("uvloop").new_event_loop
    return factory
