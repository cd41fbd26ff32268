"""Real AirLLM on a real checkpoint, without HTTP; by hand, see docs/airllm.md.

    PYTHONPATH=<AirLLM's folder> CHECKPOINT=DIR [SMALL_DISK=DIR] python3 -m unittest -v tests.real_model

SMALL_DISK is an empty file system that has less room than the checkpoint takes: a tmpfs of 200 KiB.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from ollama_airllm import load
from ollama_airllm.arguments import parse
from ollama_airllm.engine import CancelledError, Engine
from ollama_airllm.errors import RunnerError
from ollama_airllm.request import Sampling

from .fakes import settings

GREEDY = Sampling(temperature=0)


class RealModelTests(unittest.TestCase):
    """One model for all of them."""

    root: Path
    checkpoint: Path
    engine: Engine
    progress: list[float]

    @classmethod
    def setUpClass(cls) -> None:
        """Splits and loads it."""
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        cls.checkpoint = Path(os.environ["CHECKPOINT"])
        cls.progress = []
        cls.engine = cls.load_it(cls.checkpoint, progress=cls.progress)

    @classmethod
    def load_it(cls, checkpoint: Path, context: int = 64, progress: list[float] | None = None, **environ: str) -> Engine:
        """As the runner does."""
        environ = {"AIRLLM_CHECKPOINT": str(checkpoint), "AIRLLM_SHARDS": str(cls.root / "shards"), **environ}
        return load.load(parse(["-c", str(context)]), settings(**environ), (progress if progress is not None else []).append)

    def tokens(self, prompt: str, limit: int, sampling: Sampling = GREEDY) -> list[int]:
        """What comes after a prompt."""
        out: list[int] = []

        def on_token(token: int) -> bool:
            out.append(token)
            return len(out) < limit

        self.engine.generate(self.engine.encode(prompt, True), sampling, limit, on_token, lambda: False)
        return out

    def test_it_says_what_transformers_says_with_all_layers_in_memory(self) -> None:
        import torch
        import transformers

        model = transformers.AutoModelForCausalLM.from_pretrained(self.checkpoint, dtype=torch.bfloat16)
        prompt = torch.tensor([self.engine.encode("The layers of a model", True)])
        whole = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=6, do_sample=False)
        self.assertEqual(self.tokens("The layers of a model", 6), whole[0, prompt.shape[1] :].tolist())

    def test_text_survives_the_way_to_tokens_and_back(self) -> None:
        for text in ("Grüße aus Köln, 你好, 🙂", " two  spaces ", "<|im_start|>user\n"):
            self.assertEqual(self.engine.decode(self.engine.encode(text, False)), text)
        with self.assertRaisesRegex(RunnerError, "of them"):
            self.engine.decode([10**6])

    def test_the_first_token_is_never_there_twice(self) -> None:
        once = self.engine.encode("a", True)
        self.assertEqual(self.engine.encode(self.engine.decode(once), True)[:2].count(once[0]), 1)

    def test_a_cancelled_answer_stops_between_two_layers_and_leaves_nothing_behind(self) -> None:
        before = self.tokens("The disk", 3)
        looked = 0

        def cancelled() -> bool:
            nonlocal looked
            looked += 1
            # In the middle of the second token.
            return looked > 10

        got: list[int] = []

        def on_token(token: int) -> bool:
            got.append(token)
            return True

        with self.assertRaises(CancelledError):
            self.engine.generate(self.engine.encode("The disk", True), GREEDY, 3, on_token, cancelled)
        self.assertEqual(looked, 11)
        self.assertEqual(got, before[:1])
        self.assertEqual(self.tokens("The disk", 3), before)

    def test_a_seed_and_penalties_are_followed(self) -> None:
        hot = {"temperature": 3.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0}
        one, two, other = (self.tokens("a", 5, Sampling(**hot, seed=seed)) for seed in (1, 1, 2))  # type: ignore[arg-type]
        self.assertEqual(one, two)
        self.assertNotEqual(one, other)
        calm = self.tokens("a", 8, Sampling(temperature=0, presence_penalty=100, repeat_last_n=-1))
        self.assertEqual(len(set(calm)), len(calm))

    def test_progress_goes_up_and_the_cost_is_that_of_the_layers(self) -> None:
        self.assertEqual(self.progress, sorted(self.progress))
        size = (self.checkpoint / "model.safetensors").stat().st_size
        self.assertAlmostEqual(self.engine.cost.token_bytes / size, 1, 1)

    def test_compression_without_a_gpu_is_a_sentence(self) -> None:
        with mock.patch.object(load, "require_modules"), self.assertRaisesRegex(RunnerError, "8bit needs a GPU"):
            self.load_it(self.checkpoint, AIRLLM_COMPRESSION="8bit")

    def test_a_context_longer_than_the_model_is_made_shorter(self) -> None:
        self.assertEqual(self.load_it(self.checkpoint, context=100_000).context, 256)

    def test_code_of_a_checkpoint_does_not_run_even_where_the_first_check_missed_it(self) -> None:
        folder = self.root / "foreign"
        shutil.copytree(self.checkpoint, folder)
        trace = self.root / "it-ran"
        (folder / "evil.py").write_text(f"open({str(trace)!r}, 'w')\nclass Config: pass\n")
        config = json.loads((folder / "config.json").read_text())
        config.update(model_type="unheard_of", auto_map={"AutoConfig": "evil.Config"})
        (folder / "config.json").write_text(json.dumps(config))
        with self.assertRaisesRegex(RunnerError, "allow this one by name"):
            self.load_it(folder)
        unseen = mock.patch("ollama_airllm.checkpoint.refuse_foreign_code", lambda *_: False)
        with unseen, self.assertRaisesRegex(RunnerError, "not allowed by name"):
            self.load_it(folder)
        self.assertFalse(trace.exists())

    @unittest.skipUnless(os.environ.get("SMALL_DISK"), "SMALL_DISK names no file system")
    def test_a_full_disk_is_a_sentence_before_the_split_and_in_it(self) -> None:
        small = os.environ["SMALL_DISK"]
        with self.assertRaisesRegex(RunnerError, "is split once into its layers"):
            self.load_it(self.checkpoint, AIRLLM_SHARDS=small)
        with mock.patch.object(load, "require_space"), self.assertRaisesRegex(RunnerError, "the disk is full"):
            self.load_it(self.checkpoint, AIRLLM_SHARDS=small)
        # AirLLM looks too; a disk that fills up meanwhile is the system's error.
        with (
            mock.patch.object(load, "require_space"),
            mock.patch("airllm.utils.check_space"),
            self.assertRaisesRegex(RunnerError, "the disk is full"),
        ):
            self.load_it(self.checkpoint, AIRLLM_SHARDS=small)
