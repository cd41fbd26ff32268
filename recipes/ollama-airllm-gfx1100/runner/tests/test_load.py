"""What is found wrong before a model is loaded, and what a token costs."""

import errno
import io
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from ollama_airllm import command, load
from ollama_airllm.arguments import Dialect, Launch, parse
from ollama_airllm.cost import Cost, duration, measure
from ollama_airllm.errors import RunnerError
from ollama_airllm.gguf import read_head, write_pointer
from ollama_airllm.pointer import make_pointer

from .fakes import checkpoint, launch, settings


class LoadTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def with_model(self, model: Path) -> Launch:
        return parse(["runner", "--model", str(model)])

    def test_what_is_missing_is_named_all_at_once_and_for_which_python(self) -> None:
        missing = mock.patch("importlib.util.find_spec", lambda name: None if name in {"torch", "bitsandbytes"} else name)
        with missing, self.assertRaises(RunnerError) as caught:
            load.require_modules(settings(AIRLLM_COMPRESSION="4bit"))
        self.assertRegex(caught.exception.message, "lacks PyTorch .*ROCm.*, bitsandbytes .*4bit.*AIRLLM_PYTHON")

    def test_without_compression_bitsandbytes_is_not_missed(self) -> None:
        with mock.patch("importlib.util.find_spec", lambda name: None if name == "bitsandbytes" else name):
            load.require_modules(settings())

    def test_a_model_without_a_checkpoint_is_said_to_be_none(self) -> None:
        model = self.root / "sha256-1"
        write_pointer(model, {"general.architecture": "llama"})
        with self.assertRaisesRegex(RunnerError, "no safetensors checkpoint is known for .*sha256-1"):
            load.reference_of(self.with_model(model), settings(AIRLLM_MODELS=str(self.root / "none")))

    def test_adapters_are_refused_before_anything_is_read(self) -> None:
        with self.assertRaisesRegex(RunnerError, "LoRA"):
            load.load(parse(["runner", "--lora", "/x"]), settings(), lambda _: None)

    def test_a_folder_that_is_not_there_is_named_with_who_named_it(self) -> None:
        with mock.patch.object(load, "require_modules"), self.assertRaisesRegex(RunnerError, "/no/such.*AIRLLM_CHECKPOINT"):
            load.load(launch(Dialect.LLAMA_SERVER), settings(AIRLLM_CHECKPOINT="/no/such"), lambda _: None)

    def test_too_little_space_is_said_before_the_split(self) -> None:
        free = mock.patch.object(load, "free_space", lambda _: 1 << 30)
        with free, self.assertRaisesRegex(RunnerError, "takes 140.0 GiB .* 1.0 GiB are free"):
            load.require_space(self.root, 140 << 30, settings())
        with free:
            load.require_space(self.root, 3 << 30, settings(AIRLLM_COMPRESSION="4bit"))

    def test_layers_that_are_there_already_need_no_space(self) -> None:
        layers = self.root / "splitted_model"
        layers.mkdir()
        (layers / "a.safetensors").write_bytes(b"\0" * 1000)
        with mock.patch.object(load, "free_space", lambda _: 10):
            load.require_space(self.root, 1000, settings())

    def test_each_checkpoint_has_layers_of_its_own(self) -> None:
        one, two = checkpoint(self.root / "a/m"), checkpoint(self.root / "b/m")
        where = settings(AIRLLM_SHARDS=str(self.root / "shards"))
        folders = {load.shards_folder(f, [f / "model.safetensors"], where) for f in (one, two)}
        self.assertEqual(len(folders), 2)

    def test_a_full_disk_is_known_under_each_of_its_names(self) -> None:
        class NotEnoughSpaceException(Exception):  # noqa: N818
            pass

        wrapped = RuntimeError("x")
        wrapped.__cause__ = OSError(errno.ENOSPC, "no")
        for problem in (NotEnoughSpaceException(), wrapped, RuntimeError("I/O: No space left on device (os error 28)")):
            self.assertTrue(load.full_disk(problem))
        self.assertFalse(load.full_disk(OSError(errno.EACCES, "no")))

    def test_progress_follows_the_bytes_that_are_written(self) -> None:
        seen: list[float] = []
        layers = self.root / "splitted_model"
        layers.mkdir()
        (layers / "a.safetensors").write_bytes(b"\0" * 500)
        import time

        with load.split_progress(self.root, 1000, seen.append):
            time.sleep(0.8)
        self.assertAlmostEqual(seen[0], 0.5)


class CostTests(unittest.TestCase):
    def test_a_token_costs_what_the_disk_takes(self) -> None:
        cost = Cost(140 << 30, 7e9)
        self.assertAlmostEqual(cost.seconds_per_token, 21.47, 1)
        self.assertRegex(cost.sentence(), "140.0 GiB, at 7000 MB/s .*: 21 s a token at least.*--fit on.*faster")
        self.assertIn("100 tokens to come, 36 min", cost.request(3, 100))

    def test_a_rate_is_measured(self) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"\0" * (1 << 20))
            file.flush()
            self.assertGreater(measure([Path(file.name)]), 0)
        self.assertEqual(measure([]), 0)
        self.assertEqual(measure([Path("/no/such")]), 0)

    def test_durations(self) -> None:
        self.assertEqual([duration(s) for s in (0.44, 35, 720, 12600)], ["0.4 s", "35 s", "12 min", "3.5 h"])


class PointerTests(unittest.TestCase):
    def test_a_pointer_names_the_checkpoint_and_its_sizes(self) -> None:
        with tempfile.TemporaryDirectory() as root:
            folder = checkpoint(Path(root) / "m", num_hidden_layers=80, hidden_size=8192, num_attention_heads=64)
            (folder / "chat_template.jinja").write_text("{{ x }}")
            out = Path(root) / "p.gguf"
            self.assertEqual(make_pointer(folder, out), f"FROM {out.resolve()}\n")
            head = read_head(out)
        self.assertEqual(head.text("airllm.checkpoint"), str(folder.resolve()))
        self.assertEqual((head.values["llama.block_count"], head.values["llama.attention.head_count_kv"]), (80, 64))
        self.assertEqual(head.text("tokenizer.chat_template"), "{{ x }}")


class CommandTests(unittest.TestCase):
    def run_it(self, *argv: str) -> tuple[int, str, str, list[tuple[str, list[str]]]]:
        out, log, started = io.StringIO(), io.StringIO(), list[tuple[str, list[str]]]()
        with redirect_stdout(out), redirect_stderr(log):
            code = command.main(argv, lambda *what: started.append(what))
        return code, out.getvalue(), log.getvalue(), started

    def test_a_pointers_modelfile_is_all_that_is_printed(self) -> None:
        with tempfile.TemporaryDirectory() as root:
            folder, file = checkpoint(Path(root) / "m"), Path(root) / "p.gguf"
            self.assertEqual(self.run_it("pointer", str(folder), str(file))[:3], (0, f"FROM {file.resolve()}\n", ""))

    def test_a_folder_that_is_no_checkpoint_is_a_sentence(self) -> None:
        code, _, log, _ = self.run_it("pointer", "/no/such", "/tmp/x")
        self.assertEqual((code, log), (1, "error: /no/such is no checkpoint: it has no config.json\n"))

    def test_serve_takes_the_python_that_has_pytorch(self) -> None:
        with mock.patch.dict("os.environ", {"AIRLLM_PYTHON": "/opt/venv/bin/python"}):
            started = self.run_it("serve", "--port", "1")[3]
        self.assertEqual(started[0][0], "/opt/venv/bin/python")
        self.assertEqual(started[0][1][3:], ["--port", "1"])

    def test_anything_else_is_answered_with_the_usage(self) -> None:
        code, _, log, _ = self.run_it("swerve")
        self.assertEqual(code, 2)
        self.assertIn("usage: ollama-airllm pointer", log)
