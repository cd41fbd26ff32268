"""The command ollama-airllm, for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from . import log
from .errors import RunnerError
from .main import main as serve
from .pointer import make_pointer

_USAGE = """usage: ollama-airllm pointer CHECKPOINT FILE.gguf    a model for Ollama that names the checkpoint
       ollama-airllm serve [--port N] [-c N]        llama-server's API without Ollama; AIRLLM_CHECKPOINT says of what
"""


def main(argv: Sequence[str]) -> int:
    """Runs one of the commands."""
    match list(argv):
        case ["pointer", folder, file]:
            try:
                modelfile = make_pointer(Path(folder), Path(file))
            except (RunnerError, OSError) as problem:
                log.fatal(str(problem))
                return 1
            sys.stdout.write(modelfile)
            return 0
        case ["serve", *rest]:
            return serve(rest)
        case _:
            sys.stderr.write(_USAGE)
            return 2
