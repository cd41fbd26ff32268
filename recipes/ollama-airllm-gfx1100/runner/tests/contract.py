"""The runner under a real Ollama, with real AirLLM and a real checkpoint; by hand, see docs/airllm.md.

    OLLAMA=DIR AIRLLM=DIR CHECKPOINT=DIR [GGUF=FILE] [DISPATCHER=llama-server] python3 -m unittest -v tests.contract

OLLAMA has bin/ollama and lib/ollama, AIRLLM is the Python package, CHECKPOINT a small model, GGUF an ordinary one. With INSTALLED=/usr
instead of the first two, what is tried is the installed package.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from ollama_airllm.checkpoint import POINTER_KEY
from ollama_airllm.gguf import write_pointer
from ollama_airllm.pointer import make_pointer

HERE = Path(__file__).resolve().parent.parent
# A first token may wait for PyTorch, which takes its time on a busy machine.
PATIENCE = 300


class OllamaTests(unittest.TestCase):
    """One server for all of them: each start costs what loading PyTorch costs."""

    root: Path
    checkpoints: Path
    log_file: Path
    port: int
    ollama: str
    environ: dict[str, str]
    process: subprocess.Popen[bytes]

    @classmethod
    def setUpClass(cls) -> None:
        """Starts the server of a package, or of a tree laid out like one."""
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        prefix = Path(os.environ["INSTALLED"]) if "INSTALLED" in os.environ else cls.lay_out()
        cls.checkpoints = cls.root / "checkpoints"
        shutil.copytree(os.environ["CHECKPOINT"], cls.checkpoints / "tiny")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            cls.port = free.getsockname()[1]
        environ = {
            **{"HOME": folder.name, "PATH": os.environ["PATH"], "OLLAMA_HOST": f"127.0.0.1:{cls.port}", "OLLAMA_DEBUG": "1"},
            **{"OLLAMA_LLM_LIBRARY": "rocm_airllm", "OLLAMA_MODELS": f"{folder.name}/models", "OLLAMA_NUM_PARALLEL": "2"},
            **{"AIRLLM_ROOTS": str(cls.checkpoints), "AIRLLM_SHARDS": f"{folder.name}/shards"},
            **{"LD_LIBRARY_PATH": "/opt/rocm/lib"},
        }
        if os.environ.get("DISPATCHER") == "llama-server":
            # That name chooses a folder of GPU libraries there.
            del environ["OLLAMA_LLM_LIBRARY"]
        cls.environ = environ
        cls.ollama = str(prefix / "bin/ollama")
        cls.log_file = cls.root / "log"
        with cls.log_file.open("wb") as log:
            cls.process = subprocess.Popen([cls.ollama, "serve"], env=environ, stdout=log, stderr=log)
        cls.addClassCleanup(cls.stop)
        for _ in range(100):
            if cls.alive():
                break
            time.sleep(0.2)
        cls.create("tiny", cls.pointer())

    @classmethod
    def lay_out(cls) -> Path:
        """A tree as the package has it, of its parts."""
        prefix = cls.root / "usr"
        shutil.copytree(os.environ["OLLAMA"], prefix, symlinks=True)
        code = prefix / "share/ollama/airllm"
        shutil.copytree(HERE / "ollama_airllm", code / "ollama_airllm")
        shutil.copy(HERE / "run.py", code)
        shutil.copytree(os.environ["AIRLLM"], code / "airllm")
        cls.place_dispatcher(prefix)
        return prefix

    @classmethod
    def place_dispatcher(cls, prefix: Path) -> None:
        """Where the version at hand looks for a runner."""
        if os.environ.get("DISPATCHER") == "llama-server":
            target = prefix / "lib/ollama/llama-server"
            target.rename(target.with_name("llama-server-ordinary"))
        else:
            target = prefix / "lib/ollama/runners/rocm_airllm/ollama_llama_server"
            target.parent.mkdir()
        shutil.copy(HERE / "ollama_llama_server", target)

    @classmethod
    def stop(cls) -> None:
        """Ends the server, which ends its runners."""
        cls.process.terminate()
        cls.process.wait(20)
        if os.environ.get("SHOW_LOG"):
            print(cls.log())  # noqa: T201

    @classmethod
    def alive(cls) -> bool:
        """Whether it answers."""
        try:
            return cls.ask("/api/version") != []
        except OSError:
            return False

    @classmethod
    def pointer(cls) -> str:
        """A Modelfile for the checkpoint."""
        return make_pointer(cls.checkpoints / "tiny", cls.root / "tiny.gguf")

    @classmethod
    def create(cls, name: str, modelfile: str) -> None:
        """By the command, as a user does it."""
        file = cls.root / "Modelfile"
        file.write_text(modelfile)
        command = [cls.ollama, "create", name, "-f", str(file)]
        made = subprocess.run(command, env=cls.environ, check=False, capture_output=True, text=True)
        if made.returncode:
            raise AssertionError(made.stdout + made.stderr)

    @classmethod
    def log(cls) -> str:
        """All that the server and its runners wrote."""
        return cls.log_file.read_text("utf-8", "replace")

    @classmethod
    def ask(cls, path: str, body: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """All lines of an answer."""
        return list(cls.lines(path, body))

    @classmethod
    def lines(cls, path: str, body: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Lines of an answer as they come; closing the iterator hangs up."""
        connection = HTTPConnection("127.0.0.1", cls.port, timeout=PATIENCE)
        try:
            connection.request("POST" if body else "GET", path, json.dumps(body) if body else None)
            for line in connection.getresponse():
                text = line.decode().removeprefix("data: ").strip()
                if text and text != "[DONE]":
                    yield json.loads(text)
        finally:
            connection.close()

    @classmethod
    def generate(cls, prompt: str, model: str = "tiny", **options: Any) -> list[dict[str, Any]]:
        """Text that goes on after the prompt, without a template."""
        # Newer ones cut the prompt themselves, unless they are told not to.
        body = {"model": model, "prompt": prompt, "raw": True, "truncate": False}
        return cls.ask("/api/generate", {**body, "options": {"num_ctx": 64, **options}})

    def test_start_health_and_a_stream_of_pieces(self) -> None:
        answer = self.generate("The layers of a model", num_predict=6, temperature=0)
        self.assertNotIn("error", answer[-1])
        self.assertTrue(answer[-1]["done"])
        self.assertEqual((answer[-1]["done_reason"], answer[-1]["eval_count"]), ("length", 6))
        self.assertGreater(answer[-1]["prompt_eval_count"], 3)
        self.assertGreater(answer[-1]["eval_duration"], 0)
        self.assertGreater(len(answer), 2, "it came in pieces")
        again = self.generate("The layers of a model", num_predict=6, temperature=0)
        text = ["".join(line.get("response", "") for line in lines) for lines in (answer, again)]
        self.assertEqual(text[0], text[1])
        log = self.log()
        self.assertIn("AirLLM serves", log)
        self.assertIn("the model's file is a pointer", log)
        self.assertIn("every token reads", log)

    def test_a_seed_gives_the_same_text_again(self) -> None:
        one, two, three = (
            "".join(line.get("response", "") for line in self.generate("a", num_predict=5, temperature=2.0, seed=seed))
            for seed in (7, 7, 8)
        )
        self.assertEqual(one, two)
        self.assertNotEqual(one, three)

    def test_a_stop_string_ends_it_and_is_not_sent(self) -> None:
        whole = "".join(line["response"] for line in self.generate("The layers", num_predict=8, temperature=0))
        stop = whole[3:5]
        answer = self.generate("The layers", num_predict=8, temperature=0, stop=[stop])
        self.assertEqual("".join(line["response"] for line in answer), whole[: whole.index(stop)])
        self.assertEqual(answer[-1]["done_reason"], "stop")

    def test_chat_cuts_nothing_off_and_uses_the_template_that_ollama_found(self) -> None:
        body = {"model": "tiny", "messages": [{"role": "user", "content": "Grüße 🙂"}], "options": {"num_predict": 3}}
        answer = self.ask("/api/chat", body)
        self.assertEqual(answer[-1]["eval_count"], 3)
        # Nine tokens of ChatML at least, beside the text.
        self.assertGreater(answer[-1]["prompt_eval_count"], 9)

    def test_the_openai_api(self) -> None:
        body = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 8, "stream": True}
        answer = self.ask("/v1/chat/completions", {**body, "seed": 3})
        self.assertTrue("".join(line["choices"][0]["delta"].get("content") or "" for line in answer), answer)
        self.assertEqual(answer[-1]["choices"][0]["finish_reason"], "length")

    def test_hanging_up_cancels_and_the_next_request_is_served(self) -> None:
        body = {"model": "tiny", "prompt": "a", "raw": True, "options": {"num_predict": 50, "num_ctx": 64, "temperature": 2.0}}
        lines = self.lines("/api/generate", body)
        next(lines)
        lines.close()  # type: ignore[attr-defined]
        for _ in range(200):
            if "the client went away" in self.log():
                break
            time.sleep(0.1)
        self.assertRegex(self.log(), r"cancelled after \d+ tokens")
        self.assertEqual(self.generate("b", num_predict=1)[-1]["eval_count"], 1)

    def test_a_prompt_that_is_too_long_is_refused_in_ollamas_format(self) -> None:
        answer = self.generate("The layers of a model. " * 40, num_predict=1)
        self.assertEqual(len(answer), 1)
        self.assertRegex(answer[0]["error"], r"the prompt has \d+ tokens and the context holds 64")

    def test_embeddings_are_refused_in_ollamas_format(self) -> None:
        # What Ollama 0.5.7 makes of a runner's refusal is {"error":{}}, whoever refuses; the reason is in its log.
        # Newer ones say it themselves, as the runner was not started for embeddings.
        answer = self.ask("/api/embed", {"model": "tiny", "input": "x", "options": {"num_ctx": 64}})
        self.assertIn("error", answer[0])
        self.assertRegex(str(answer) + self.log(), "embeddings: AirLLM's runner writes text only|not support embeddings")

    def test_a_checkpoint_that_is_not_there_is_a_sentence_for_the_user(self) -> None:
        keys: dict[str, str | int | float] = {"general.architecture": "llama", "llama.block_count": 1, "llama.embedding_length": 64}
        heads = {"llama.attention.head_count": 4, "llama.attention.head_count_kv": 2, "llama.context_length": 64}
        file = self.root / "gone.gguf"
        keys["llama.attention.layer_norm_rms_epsilon"] = 1e-6
        write_pointer(file, {**keys, **heads, POINTER_KEY: str(self.checkpoints / "gone")})
        self.create("gone", f"FROM {file}\n")
        answer = self.generate("x", model="gone")
        self.assertIn("the checkpoint", answer[0]["error"])
        self.assertIn("is not there", answer[0]["error"])
        self.assertNotIn("Traceback", answer[0]["error"])

    @unittest.skipUnless(os.environ.get("GGUF"), "GGUF names no model")
    def test_an_ordinary_model_is_served_by_the_ordinary_runner(self) -> None:
        self.create("ordinary", f"FROM {os.environ['GGUF']}\n")
        answer = self.generate("The", model="ordinary", num_predict=3)
        self.assertEqual(answer[-1]["eval_count"], 3)
        self.assertRegex(self.log(), "the ordinary runner serves .*no safetensors checkpoint is known")
