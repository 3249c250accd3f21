"""The supervisor: prepares, starts, waits until all answer, watches, and stops all when one ends."""

from __future__ import annotations

import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Final, NoReturn

from institute.running import children
from institute.running.children import Child
from institute.running.folder import hold
from institute.running.ports import check_ports
from institute.running.table import Process, Table

REQUESTS: Final = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
WATCHED: Final = REQUESTS | {signal.SIGCHLD}
READY_SECONDS: Final = 90.0
POLL_SECONDS: Final = 0.1

# Loopback addresses never go through a proxy that the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class EndError(Exception):
    """It is over: the status to exit with, and a sentence unless somebody asked for the end."""

    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status = status


def supervise(table: Table) -> int:
    """Run the table until a signal or the end of a service. Return the status to exit with.

    An end that was asked for is 0; otherwise it is the status of the process that ended.
    Raises RefusalError if the start is refused.
    """
    # From here on signals are waited for, never delivered: none is lost between a look and a sleep.
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    check_ports(table.ports)
    running: list[Child] = []
    with hold(table.data_dir):
        try:
            _run(table, running)
        except EndError as end:
            if str(end):
                print(end, file=sys.stderr, flush=True)
            return end.status
        finally:
            children.stop(running, table.grace_seconds)


def _run(table: Table, running: list[Child]) -> NoReturn:
    for step in table.prepare:
        _finish(_start(step, table, running))
        running.clear()
    for service in table.services:
        _start(service, table, running)
    deadline = time.monotonic() + READY_SECONDS
    for service in table.services:
        while not _answers(service):
            if time.monotonic() > deadline:
                raise EndError(
                    1, f"Stopped everything: {service.name} gave no answer in {READY_SECONDS:.0f} s."
                )
            _watch(running, POLL_SECONDS)
    print(table.say, flush=True)
    while True:
        _watch(running)


def _start(process: Process, table: Table, running: list[Child]) -> Child:
    try:
        child = children.start(process, table.environment)
    except OSError as error:
        raise EndError(1, f"Cannot start {process.name}: {process.command[0]}: {error.strerror}.") from error
    running.append(child)
    return child


def _finish(step: Child) -> None:
    """Wait for the end of a step of the preparation."""
    while (status := step.status()) is None:
        _sleep()
    if status:
        raise EndError(status, f"Preparing {step.process.name} failed with status {status}.")


def _watch(running: Sequence[Child], seconds: float | None = None) -> None:
    """Wait for something to happen, at most ``seconds``. Raises EndError if a service has ended."""
    for child in running:
        if (status := child.status()) is not None:
            raise EndError(status, f"Stopped everything: {child.process.name} ended with status {status}.")
    _sleep(seconds)


def _sleep(seconds: float | None = None) -> None:
    """Sleep until a child ends or ``seconds`` have passed. Raises EndError if the end was asked for."""
    if seconds is None:
        number: int | None = signal.sigwait(WATCHED)
    else:
        woken = signal.sigtimedwait(WATCHED, seconds)
        number = woken and woken.si_signo
    if number in REQUESTS:
        raise EndError(0)


def _answers(service: Process) -> bool:
    if service.ready is None:
        return True
    try:
        with _opener.open(service.ready, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
