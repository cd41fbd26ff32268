"""The runner's start and end."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence

from . import log
from .arguments import parse
from .errors import RunnerError
from .load import load
from .server import Server
from .settings import Settings
from .worker import Worker


def main(argv: Sequence[str]) -> int:
    """Serves until Ollama ends it. A model that can't be loaded ends it too, with the line that Ollama shows."""
    try:
        settings, launch = Settings.read(os.environ), parse(argv)
        if launch.ignored:
            log.info(f"passed over, as AirLLM has no use for it: {' '.join(launch.ignored)}")
        worker = Worker(lambda progress: load(launch, settings, progress), settings.queue)
        server = Server(launch, worker)
    except RunnerError as problem:
        log.fatal(problem.message)
        return 1
    except OSError as problem:
        log.fatal(f"the port can't be opened: {problem}")
        return 1
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    log.info(f"listening on 127.0.0.1:{server.server_port}")
    worker.start()
    try:
        worker.finished.wait()
        if worker.failure:
            log.fatal(worker.failure.message)
            return 1
        threading.Event().wait()
    except KeyboardInterrupt:
        return 130
    return 0
