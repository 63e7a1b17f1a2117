"""A line that shows how far something is: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from typing import TextIO

WIDTH = 30
# Without a terminal a line this often, in seconds.
QUIET_EVERY = 20.0


class Progress:
    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_terminal = out.isatty()
        self._started = time.monotonic()
        self._first: float | None = None
        self._shown = 0.0

    def show(self, done: float, text: str) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first, self._started = done, now
        gained = done - self._first
        left = (1 - done) * (now - self._started) / gained if gained > 0 else 0.0
        line = f"{min(1.0, done):4.0%} {text}, {left / 60:.1f} minutes left"
        if self._is_terminal:
            filled = int(min(1.0, done) * WIDTH)
            self._out.write(f"\r\x1b[2K{'█' * filled}{'░' * (WIDTH - filled)} {line}")
            self._out.flush()
        elif now - self._shown >= QUIET_EVERY:
            self._shown = now
            self._out.write(f"{line}\n")
            self._out.flush()

    def say(self, text: str) -> None:
        self._out.write(f"\r\x1b[2K{text}\n" if self._is_terminal else f"{text}\n")
        self._out.flush()
