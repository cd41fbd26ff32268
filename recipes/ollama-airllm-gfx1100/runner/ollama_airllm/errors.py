"""The one exception whose text a client gets to see."""

from __future__ import annotations


class RunnerError(Exception):
    """What went wrong, in a sentence for the user, and the HTTP status that says whose fault it is."""

    def __init__(self, message: str, status: int = 500) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
