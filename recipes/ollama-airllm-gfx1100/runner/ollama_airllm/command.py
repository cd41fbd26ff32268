"""The command ollama-airllm, for people."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import log
from .errors import RunnerError
from .pointer import make_pointer
from .settings import Settings

_USAGE = """usage: ollama-airllm pointer CHECKPOINT FILE.gguf    a model for Ollama that names the checkpoint
       ollama-airllm serve [--port N] [-c N]        llama-server's API without Ollama; AIRLLM_CHECKPOINT says of what
"""


def main(argv: Sequence[str], execute: Callable[[str, list[str]], object] = os.execv) -> int:
    """Runs one of the commands."""
    try:
        return _run(list(argv), execute)
    except (RunnerError, OSError) as problem:
        log.fatal(str(problem))
        return 1


def _run(argv: list[str], execute: Callable[[str, list[str]], object]) -> int:
    match argv:
        case ["pointer", folder, file]:
            sys.stdout.write(make_pointer(Path(folder), Path(file)))
            return 0
        case ["serve", *rest]:
            # Another process, as the Python that has PyTorch may be another one.
            python = Settings.read(os.environ).python or sys.executable
            execute(python, [python, "-IB", str(Path(__file__).resolve().parent.parent / "run.py"), *rest])
            return 1
        case _:
            sys.stderr.write(_USAGE)
            return 2
