"""One answer: the prompt's length is checked, tokens become text, stop strings end it, and times are taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from . import log
from .engine import Engine
from .errors import RunnerError
from .pieces import Pieces
from .request import Wish
from .stops import StopFilter


class Ending(Enum):
    """Why an answer ends, in llama-server's words."""

    END = "eos"
    WORD = "word"
    LIMIT = "limit"


@dataclass
class Result:
    """What the last line of an answer says."""

    prompt_tokens: int = 0
    tokens: int = 0
    prompt_ms: float = 0.0
    tokens_ms: float = 0.0
    ending: Ending = Ending.LIMIT
    stop_word: str = ""

    def timings(self) -> dict[str, float]:
        """As llama.cpp names them."""
        return {
            "prompt_n": self.prompt_tokens,
            "prompt_ms": round(self.prompt_ms, 3),
            "predicted_n": self.tokens,
            "predicted_ms": round(self.tokens_ms, 3),
        }


@dataclass
class Generation:
    """Runs in the thread that holds the model."""

    engine: Engine
    prompt: Sequence[int]
    wish: Wish
    result: Result = field(default_factory=Result)

    def run(self, send: Callable[[str], object], cancelled: Callable[[], bool]) -> Result:
        """Sends the text and returns what there is to say about it."""
        limit = self._limit()
        log.info(self.engine.cost.request(len(self.prompt), limit))
        pieces, stops = Pieces(self.engine.decode), StopFilter(self.wish.stops)
        started = time.monotonic()
        first = 0.0

        def say(text: str) -> None:
            if text:
                send(text)

        def on_token(token: int) -> bool:
            nonlocal first
            first = first or time.monotonic()
            self.result.tokens += 1
            if token in self.engine.ends:
                self.result.ending = Ending.END
                return False
            say(stops.push(pieces.push(token)))
            if stops.stopped:
                self.result.ending, self.result.stop_word = Ending.WORD, stops.stopped_by
                return False
            return self.result.tokens < limit

        self.engine.generate(self.prompt, self.wish.sampling, limit, on_token, cancelled)
        if not stops.stopped:
            # The last piece, too, may complete a stop string.
            say(stops.push(pieces.flush()))
            say(stops.flush())
            if stops.stopped:
                self.result.ending, self.result.stop_word = Ending.WORD, stops.stopped_by
        ended = time.monotonic()
        first = first or ended
        self.result.prompt_ms, self.result.tokens_ms = (first - started) * 1000, (ended - first) * 1000
        return self.result

    def _limit(self) -> int:
        """How many tokens may come. A prompt that is too long is refused, never cut: nobody would see what is missing."""
        self.result.prompt_tokens = len(self.prompt)
        if not self.prompt:
            raise RunnerError("the prompt is empty", 400)
        room = self.engine.context - len(self.prompt)
        if room < 1:
            raise RunnerError(
                f"the prompt has {len(self.prompt)} tokens and the context holds {self.engine.context}, the answer"
                " included; raise num_ctx or shorten the prompt (it is not cut silently)",
                400,
            )
        return min(self.wish.limit, room) if self.wish.limit > 0 else room
