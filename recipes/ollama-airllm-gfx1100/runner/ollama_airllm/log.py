"""Lines on standard error, which Ollama copies into its own log."""

from __future__ import annotations

import sys


def info(text: str) -> None:
    """One line. Ollama takes a line with `error:` for the reason of a failure, so that word is kept out of here."""
    _write(f"airllm: {_line(text).replace('error:', 'error -')}\n")


def fatal(text: str) -> None:
    """The line that Ollama shows the user. One write: Ollama reads what one write brought, up to its end."""
    _write(f"error: {_line(text)}\n")


def _line(text: str) -> str:
    return " ".join(text.split())


def _write(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()
