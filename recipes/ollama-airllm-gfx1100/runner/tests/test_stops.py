"""Stop strings and pieces of text."""

import random
import unittest

from ollama_airllm.pieces import Pieces
from ollama_airllm.stops import StopFilter


def run(pieces: list[str], stops: list[str]) -> tuple[str, str]:
    stop = StopFilter(stops)
    out = "".join(stop.push(piece) for piece in pieces)
    return (out if stop.stopped else out + stop.flush()), stop.stopped_by


class StopFilterTests(unittest.TestCase):
    def test_a_stop_string_in_two_pieces_is_found_and_not_sent(self) -> None:
        self.assertEqual(run(["abc<e", "nd>def"], ["<end>"]), ("abc", "<end>"))

    def test_what_only_looked_like_one_is_sent_at_once_when_it_is_clear(self) -> None:
        stop = StopFilter(["<end>"])
        self.assertEqual((stop.push("a<en"), stop.push("x")), ("a", "<enx"))

    def test_the_first_that_is_whole_wins(self) -> None:
        self.assertEqual(run(["a22b11"], ["11", "22"]), ("a", "22"))

    def test_the_rest_comes_at_the_end(self) -> None:
        self.assertEqual(run(["a<en"], ["<end>"]), ("a<en", ""))

    def test_however_the_text_is_cut_the_outcome_is_the_same(self) -> None:
        dice = random.Random(7)
        for _ in range(2000):
            text = "".join(dice.choices("ab<", k=dice.randrange(12)))
            stops = ["".join(dice.choices("ab<", k=dice.randrange(1, 4))) for _ in range(dice.randrange(3))]
            cuts = sorted(dice.randrange(len(text) + 1) for _ in range(3))
            pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
            ends = [(text.find(s) + len(s), text.find(s)) for s in stops if s in text]
            first = min(ends, default=(0, len(text)))[1]
            self.assertEqual(run(pieces, stops)[0], text[:first], f"{pieces} {stops}")


class PiecesTests(unittest.TestCase):
    def test_half_a_character_waits_for_the_other_half(self) -> None:
        def decode(tokens: object) -> str:
            return bytes(tokens).decode("utf-8", "replace")  # type: ignore[call-overload, no-any-return]

        pieces = Pieces(decode)
        self.assertEqual([pieces.push(b) for b in "aß🙂".encode()], ["a", "", "ß", "", "", "", "🙂"])

    def test_half_a_character_at_the_end_is_left_out(self) -> None:
        pieces = Pieces(lambda tokens: bytes(tokens).decode("utf-8", "replace"))
        self.assertEqual([pieces.push(b) for b in b"a\xc3"], ["a", ""])
        self.assertEqual(pieces.flush(), "")

    def test_a_space_that_hangs_on_the_next_token_is_not_lost(self) -> None:
        words = ["Hello", "▁wide", "▁world"]
        pieces = Pieces(lambda tokens: "".join(words[t] for t in tokens).replace("▁", " ").lstrip())
        self.assertEqual("".join(pieces.push(t) for t in range(3)), "Hello wide world")
