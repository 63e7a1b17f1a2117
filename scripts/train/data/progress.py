"""A progress bar on standard error: one line that is rewritten in a terminal, a line every few per cent elsewhere."""

import sys
import time


class Progress:
    def __init__(self, title: str, total: int) -> None:
        self._title = title
        self._total = max(1, total)
        self._done = 0
        self._started = time.monotonic()
        self._drawn = 0.0
        self._told = -1
        self._live = sys.stderr.isatty()

    def step(self, label: str = "", by: int = 1) -> None:
        self._done += by
        now = time.monotonic()
        percent = 100 * self._done // self._total
        if self._live:
            if now - self._drawn >= 0.1 or self._done >= self._total:
                self._drawn = now
                sys.stderr.write(f"\r\x1b[2K{self._line(percent, now)} {label[:50]}")
        elif self._done > 0 and percent // 10 > self._told:
            self._told = percent // 10
            sys.stderr.write(self._line(percent, now) + "\n")

    def done(self) -> None:
        if self._live:
            sys.stderr.write("\n")

    def _line(self, percent: int, now: float) -> str:
        filled = min(30, 30 * self._done // self._total)
        elapsed = now - self._started
        left = elapsed / self._done * (self._total - self._done) if self._done else 0
        bar = "█" * filled + "░" * (30 - filled)
        return f"{self._title} {bar} {self._done}/{self._total} {percent} % {elapsed:.0f} s, {left:.0f} s left"
