"""The dispatcher, in a tree like the package's."""

import io
import json
import subprocess
import tempfile
import unittest
from contextlib import redirect_stderr
from pathlib import Path

from ollama_airllm.dispatch import main
from ollama_airllm.gguf import write_pointer

from .fakes import checkpoint


class DispatchTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.runners = self.root / "lib/ollama/runners"
        self.me = self.file("lib/ollama/runners/rocm_airllm/ollama_llama_server")
        self.checkpoint = checkpoint(self.root / "checkpoints/m")
        self.environ = {"AIRLLM_ROOTS": str(self.root / "checkpoints"), "AIRLLM_MODELS": str(self.root / "models.json")}
        self.model = self.root / "sha256-1"
        write_pointer(self.model, {"general.architecture": "llama"})
        self.started: list[tuple[str, list[str], dict[str, str]]] = []

    def file(self, path: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        return file

    def run_it(self, *argv: str, **environ: str) -> tuple[int, str]:
        log = io.StringIO()
        with redirect_stderr(log):
            code = main(self.me, argv, {**self.environ, **environ}, lambda *what: self.started.append(what))
        return code, log.getvalue()

    def with_weights(self) -> None:
        """A GGUF that says it has a tensor, and a table that names its checkpoint."""
        data = bytearray(self.model.read_bytes())
        data[8] = 1
        self.model.write_bytes(data + b"\0" * 1000)
        (self.root / "models.json").write_text(json.dumps({self.model.name: str(self.checkpoint)}))

    def test_a_pointer_is_given_to_airllm_and_the_reason_is_logged(self) -> None:
        write_pointer(self.model, {"airllm.checkpoint": str(self.checkpoint)})
        _, log = self.run_it("runner", "--model", str(self.model), "--port", "1", AIRLLM_PYTHON="/opt/venv/bin/python")
        program, argv, _ = self.started[0]
        self.assertEqual(program, "/opt/venv/bin/python")
        self.assertEqual(argv[1], "-IB")
        self.assertTrue(Path(argv[2]).is_file())
        self.assertEqual(argv[3:], ["runner", "--model", str(self.model), "--port", "1"])
        self.assertIn(f"AirLLM serves {self.model}: the model's file is a pointer", log)

    def test_a_model_that_fits_goes_to_the_runner_of_the_gpu_with_its_own_folder_in_front(self) -> None:
        real = self.file("lib/ollama/runners/rocm_avx/ollama_llama_server")
        self.with_weights()
        _, log = self.run_it(
            *("runner", "--model", str(self.model), "--n-gpu-layers", "33"),
            **{"AIRLLM_VRAM": "24G", "LD_LIBRARY_PATH": f"{self.root}/lib/ollama:{self.me.parent}"},
        )
        program, argv, environ = self.started[0]
        self.assertEqual((program, argv[0]), (str(real), str(real)))
        self.assertEqual(environ["LD_LIBRARY_PATH"].split(":")[0], str(real.parent))
        self.assertIn("the ordinary runner serves", log)
        self.assertIn("it fits", log)

    def test_a_model_that_does_not_fit_goes_to_airllm(self) -> None:
        self.file("lib/ollama/runners/rocm_avx/ollama_llama_server")
        self.with_weights()
        _, log = self.run_it("runner", "--model", str(self.model), "--n-gpu-layers", "3", AIRLLM_VRAM="1K")
        self.assertIn("run.py", self.started[0][1][2])
        self.assertIn("it does not fit", log)

    def test_force_is_force(self) -> None:
        self.with_weights()
        self.run_it("runner", "--model", str(self.model), AIRLLM_VRAM="24G", AIRLLM_FORCE="1")
        self.assertIn("run.py", self.started[0][1][2])

    def test_airllm_does_not_get_the_libraries_of_the_bundle(self) -> None:
        write_pointer(self.model, {"airllm.checkpoint": str(self.checkpoint)})
        paths = f"{self.root}/lib/ollama:{self.me.parent}:/opt/rocm/lib"
        self.run_it("runner", "--model", str(self.model), LD_LIBRARY_PATH=paths)
        self.assertEqual(self.started[0][2]["LD_LIBRARY_PATH"], "/opt/rocm/lib")

    def test_without_layers_for_the_gpu_the_cpus_runner_or_ollama_itself_serves(self) -> None:
        self.file("lib/ollama/runners/rocm_avx/ollama_llama_server")
        ollama = self.file("bin/ollama")
        self.run_it("runner", "--model", str(self.model))
        self.assertEqual(self.started[0][0], str(ollama))

    def test_a_file_that_is_no_gguf_is_the_ordinary_runners_problem(self) -> None:
        ollama = self.file("bin/ollama")
        self.model.write_bytes(b"nonsense")
        _, log = self.run_it("runner", "--model", str(self.model))
        self.assertEqual(self.started[0][0], str(ollama))
        self.assertNotIn("error:", log)

    def test_a_renamed_llama_server_serves_what_is_not_airllms_discovery_too(self) -> None:
        self.me = self.file("lib/ollama/llama-server")
        real = self.file("lib/ollama/llama-server-ordinary")
        code, log = self.run_it("--list-devices", "--offline", "--verbose")
        self.assertEqual(self.started[0][:2], (str(real), [str(real), "--list-devices", "--offline", "--verbose"]))
        self.assertEqual(log, "")
        self.assertEqual(code, 1, "only a program that could not be started comes back")

    def test_what_is_wrong_is_one_line_that_ollama_shows(self) -> None:
        write_pointer(self.model, {"airllm.checkpoint": "/etc"})
        code, log = self.run_it("runner", "--model", str(self.model))
        self.assertEqual((code, self.started), (1, []))
        self.assertTrue(log.startswith("error: the model's file names the checkpoint /etc"), log)
        self.assertEqual(log.count("\n"), 1)

    def test_it_does_not_start_itself(self) -> None:
        (self.root / "bin").mkdir()
        (self.root / "bin/ollama").symlink_to(self.me)
        code, log = self.run_it("runner", "--model", str(self.model))
        self.assertEqual((code, self.started), (1, []))
        self.assertIn("error: no ordinary runner was found", log)


class WithoutPythonTests(unittest.TestCase):
    """The dispatcher's first lines, which a shell runs."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def program(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
        return file

    def answer(self, path: str) -> list[str]:
        """What is started in place of the dispatcher at this path, where the machine has no Python."""
        text = (Path(__file__).parent.parent / "ollama_llama_server").read_text()
        me = self.program(path, text.replace("/usr/bin/python3", str(self.root / "no-python")))
        environ = {"LD_LIBRARY_PATH": "/lib/ollama"}
        done = subprocess.run(["sh", str(me), "--port", "1 2"], check=True, capture_output=True, text=True, env=environ)
        return done.stdout.splitlines()

    def test_the_gpus_other_runner_serves_with_its_library(self) -> None:
        said = 'printf "%s\\n" "$0" "$LD_LIBRARY_PATH" "$@"'
        real = self.program("runners/rocm_avx/ollama_llama_server", f"#!/bin/sh\n{said}\n")
        answer = self.answer("runners/rocm_airllm/ollama_llama_server")
        self.assertEqual(answer, [str(real), f"{real.parent}:/lib/ollama", "--port", "1 2"])

    def test_the_file_beside_it_serves_and_the_libraries_stay(self) -> None:
        said = 'printf "%s\\n" "$0" "$LD_LIBRARY_PATH" "$@"'
        real = self.program("llama-server-ordinary", f"#!/bin/sh\n{said}\n")
        self.assertEqual(self.answer("llama-server"), [str(real), "/lib/ollama", "--port", "1 2"])
