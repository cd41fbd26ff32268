"""Who serves a model, and which checkpoint is its own."""

import json
import os
import tempfile
import unittest
from pathlib import Path

from ollama_airllm import checkpoint
from ollama_airllm.checkpoint import Reference
from ollama_airllm.decide import decide, find_vram
from ollama_airllm.errors import RunnerError
from ollama_airllm.gguf import GgufHead

from .fakes import checkpoint as make_checkpoint
from .fakes import settings

GIB = 1 << 30
KNOWN = Reference("/srv/m", "test")
FULL = GgufHead(10, {})


class DecideTests(unittest.TestCase):
    def test_a_model_that_does_not_fit_and_is_safetensors_is_airllms(self) -> None:
        decision = decide(40 * GIB, FULL, KNOWN, 24 * GIB, settings())
        self.assertTrue(decision.airllm)
        self.assertEqual(decision.reason, "it does not fit: 44.0 GiB with its context, the GPU has 24.0 GiB")

    def test_a_model_that_fits_is_not(self) -> None:
        decision = decide(20 * GIB, FULL, KNOWN, 24 * GIB, settings())
        self.assertFalse(decision.airllm)
        self.assertEqual(decision.reason, "it fits: 22.0 GiB with its context, the GPU has 24.0 GiB")

    def test_a_model_without_a_checkpoint_is_not_even_when_it_is_forced(self) -> None:
        self.assertFalse(decide(40 * GIB, FULL, None, 24 * GIB, settings()).airllm)
        forced = decide(40 * GIB, FULL, None, 24 * GIB, settings(AIRLLM_FORCE="1"))
        self.assertFalse(forced.airllm)
        self.assertEqual(forced.reason, "AIRLLM_FORCE=1, but no safetensors checkpoint is known for this model")

    def test_force_needs_no_gpu(self) -> None:
        self.assertTrue(decide(1, FULL, KNOWN, None, settings(AIRLLM_FORCE="1")).airllm)

    def test_a_pointer_is_airllms_because_nobody_else_can_serve_it(self) -> None:
        self.assertTrue(decide(1, GgufHead(0, {}), KNOWN, 24 * GIB, settings()).airllm)

    def test_without_a_gpu_nothing_is_said_to_be_too_large(self) -> None:
        self.assertFalse(decide(40 * GIB, FULL, KNOWN, None, settings()).airllm)

    def test_the_largest_gpu_counts(self) -> None:
        with tempfile.TemporaryDirectory() as root:
            for card, text in (("card0", "536870912\n"), ("card1", "25753026560\n"), ("card2", "?")):
                folder = Path(root) / card / "device"
                folder.mkdir(parents=True)
                (folder / "mem_info_vram_total").write_text(text)
            self.assertEqual(find_vram(Path(root)), 25753026560)
            self.assertIsNone(find_vram(Path(root) / "none"))


class CheckpointTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def test_the_users_word_comes_before_the_table_and_the_table_before_the_file(self) -> None:
        table = self.root / "models.json"
        table.write_text(json.dumps({"sha256:abc": "org/table"}))
        head = GgufHead(0, {checkpoint.POINTER_KEY: "org/file"})
        blob = Path("/m/sha256-abc")
        self.assertEqual(
            checkpoint.find(blob, head, settings(AIRLLM_CHECKPOINT="/x", AIRLLM_MODELS=str(table))),
            Reference("/x", "AIRLLM_CHECKPOINT"),
        )
        self.assertEqual(checkpoint.find(blob, head, settings(AIRLLM_MODELS=str(table))), Reference("org/table", str(table)))
        found = checkpoint.find(Path("/m/sha256-def"), head, settings(AIRLLM_MODELS=str(table)))
        self.assertEqual(found, Reference("org/file", "the model's own file"))

    def test_a_models_file_leads_to_no_folder_but_those_set_for_it(self) -> None:
        inside, outside = self.root / "in", self.root / "out"
        for folder in (inside / "m", outside):
            make_checkpoint(folder)
        (inside / "link").symlink_to(outside)
        limits = settings(AIRLLM_ROOTS=str(inside), AIRLLM_MODELS="/nowhere")
        self.assertIsNotNone(checkpoint.find(None, GgufHead(0, {checkpoint.POINTER_KEY: str(inside / "m")}), limits))
        for named in (str(outside), str(inside / "link"), str(inside / ".." / "out"), "/etc"):
            with self.assertRaisesRegex(RunnerError, "AIRLLM_ROOTS"):
                checkpoint.find(None, GgufHead(0, {checkpoint.POINTER_KEY: named}), limits)

    def test_pickles_are_not_read(self) -> None:
        folder = make_checkpoint(self.root / "m")
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
        with self.assertRaisesRegex(RunnerError, "safetensors only"):
            checkpoint.check(folder)

    def test_an_index_whose_files_are_missing_is_refused(self) -> None:
        folder = make_checkpoint(self.root / "m")
        index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))
        (folder / "model-00001-of-00002.safetensors").write_bytes(b"x")
        with self.assertRaisesRegex(RunnerError, "not complete.*model-00002-of-00002"):
            checkpoint.check(folder)

    def test_code_of_the_checkpoints_own_runs_only_when_it_was_allowed_by_name(self) -> None:
        folder = make_checkpoint(self.root / "m", auto_map={"AutoConfig": "x.Y"})
        with self.assertRaisesRegex(RunnerError, "AIRLLM_TRUST_REMOTE_CODE=org/m"):
            checkpoint.refuse_foreign_code(folder, "org/m", settings(AIRLLM_TRUST_REMOTE_CODE="org/other"))
        self.assertTrue(checkpoint.refuse_foreign_code(folder, "org/m", settings(AIRLLM_TRUST_REMOTE_CODE="a/b, org/m")))
        self.assertFalse(checkpoint.refuse_foreign_code(make_checkpoint(self.root / "n"), "n", settings()))

    def test_there_is_no_word_that_allows_all(self) -> None:
        for word in ("*", "1", "a/b,all"):
            with self.assertRaisesRegex(RunnerError, "no word for all"):
                settings(AIRLLM_TRUST_REMOTE_CODE=word)

    def test_layers_of_another_state_of_the_checkpoint_are_not_taken(self) -> None:
        folder = make_checkpoint(self.root / "m")
        file = folder / "model.safetensors"
        seen = set()
        for size, time in ((100, 1), (101, 1), (100, 2)):
            make_checkpoint(folder, size=size)
            os.utime(file, (time, time))
            seen.add(checkpoint.identity(checkpoint.check(folder)))
        self.assertEqual(len(seen), 3)

    def test_files_that_are_no_json_are_named(self) -> None:
        file = self.root / "config.json"
        for text in ("{", "[]", "[" * 100_000):
            file.write_text(text)
            with self.assertRaisesRegex(RunnerError, "config.json"):
                checkpoint.read_json(file)
