"""What a token costs: all layers are read for each one, so no token comes faster than the disk gives them."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from .decide import amount

ADVICE = (
    "where full precision is not needed, a quantised GGUF of the same model with llama.cpp's `--fit on`"
    " (part of it on the GPU, the rest in RAM) is faster by far"
)
_CHUNK = 8 << 20


@dataclass(frozen=True)
class Cost:
    """Bytes that a token has to bring in, and how fast they come."""

    token_bytes: int
    bytes_per_second: float

    @property
    def seconds_per_token(self) -> float:
        """At least."""
        return self.token_bytes / self.bytes_per_second if self.bytes_per_second > 0 else 0.0

    def sentence(self) -> str:
        """For the log, before the first token."""
        if self.bytes_per_second <= 0:
            return f"every token reads {amount(self.token_bytes)} from the disk, whose rate could not be measured; {ADVICE}"
        return (
            f"every token reads {amount(self.token_bytes)}, at {self.bytes_per_second / 1e6:.0f} MB/s measured on this disk:"
            f" {duration(self.seconds_per_token)} a token at least, less for layers that RAM still holds; {ADVICE}"
        )

    def request(self, prompt: int, limit: int) -> str:
        """For the log, before a request."""
        longest = duration(self.seconds_per_token * limit)
        return f"{prompt} tokens of prompt; up to {limit} tokens to come, {longest} for all of them at least"


def measure(files: list[Path], budget: int = 256 << 20, seconds: float = 2.0) -> float:
    """Bytes a second, read from files that the kernel was asked to forget first; 0 when nothing could be read."""
    read, took = 0, 0.0
    for path in files:
        if read >= budget or took >= seconds:
            break
        try:
            with path.open("rb", buffering=0) as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                start = time.monotonic()
                while read < budget and time.monotonic() - start + took < seconds:
                    chunk = file.read(_CHUNK)
                    if not chunk:
                        break
                    read += len(chunk)
                took += time.monotonic() - start
        except OSError:
            continue
    return read / took if read and took > 0 else 0.0


def duration(seconds: float) -> str:
    """0.4 s, 35 s, 12 min, 3.5 h."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
