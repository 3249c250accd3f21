"""Child processes: each leads a session of its own and dies with its parent, whatever the parent died of."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from institute.running.table import Process

PR_SET_PDEATHSIG = 1  # linux/prctl.h

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Child:
    """A process that was started, and what it was started as."""

    process: Process
    popen: subprocess.Popen[bytes]

    def status(self) -> int | None:
        """Return None while it runs, else its exit status, as a shell counts it for one ended by a signal."""
        code = self.popen.poll()
        return code if code is None or code >= 0 else 128 - code


def start(process: Process, environment: Mapping[str, str]) -> Child:
    """Start a process without a terminal to read from, at the head of its own session."""
    parent = os.getpid()

    def bind() -> None:
        # The parent waits for signals with these blocked; a child must not inherit that.
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    popen = subprocess.Popen(
        process.command,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=bind,  # noqa: PLW1509  (the supervisor has one thread)
    )
    return Child(process, popen)


def stop(children: Sequence[Child], grace: float) -> None:
    """End all children and whatever they started: first by asking, after ``grace`` seconds by force."""
    for child in children:
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + grace
    for child in children:
        try:
            child.popen.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        finally:
            _signal_group(child, signal.SIGKILL)
            child.popen.wait()


def _signal_group(child: Child, number: signal.Signals) -> None:
    try:
        os.killpg(child.popen.pid, number)
    except ProcessLookupError:
        return
