"""Command lines, as Ollama writes them."""

import unittest

from ollama_airllm.arguments import Dialect, parse
from ollama_airllm.errors import RunnerError

OLLAMA_0_5_7 = (
    "runner --model /m/sha256-1 --ctx-size 8192 --batch-size 512 --n-gpu-layers 33 --verbose --threads 2 --no-mmap"
    " --parallel 4 --tensor-split 1,2 --port 39349"
)
OLLAMA_0_32 = (
    "--model /m/sha256-1 --port 4711 --host 127.0.0.1 --no-webui --offline -c 8192 -np 2 --log-verbosity 4 --no-log-prefix"
    " --no-log-timestamps --no-jinja --chat-template chatml --flash-attn auto -b 512 -ub 512 -ngl -1 --context-shift --keep 4"
)


class ArgumentsTests(unittest.TestCase):
    def test_the_runner_of_0_5_7_is_understood(self) -> None:
        launch = parse(OLLAMA_0_5_7.split())
        self.assertIs(launch.dialect, Dialect.OLLAMA_RUNNER)
        self.assertEqual((str(launch.model), launch.context, launch.port), ("/m/sha256-1", 2048, 39349))
        self.assertEqual((launch.parallel, launch.gpu_layers, launch.refused), (4, 33, ()))

    def test_llama_server_is_understood(self) -> None:
        launch = parse(OLLAMA_0_32.split())
        self.assertIs(launch.dialect, Dialect.LLAMA_SERVER)
        self.assertEqual((launch.context, launch.port, launch.gpu_layers), (4096, 4711, -1))

    def test_an_unknown_flag_is_passed_over_with_its_values_and_named(self) -> None:
        launch = parse(["runner", "--new-thing", "a", "b", "--port=7", "--other"])
        self.assertEqual((launch.port, launch.ignored), (7, ("--new-thing", "--other")))

    def test_what_changes_the_answer_is_not_passed_over(self) -> None:
        self.assertEqual(parse(["runner", "--lora", "/a", "--mmproj", "/b"]).refused, ("adapters (LoRA)", "images"))

    def test_no_other_host_than_this_one_is_served(self) -> None:
        with self.assertRaisesRegex(RunnerError, "0.0.0.0.*127.0.0.1 only"):
            parse(["--host", "0.0.0.0"])

    def test_a_number_that_is_none_is_refused(self) -> None:
        with self.assertRaisesRegex(RunnerError, "'x' is no number for port"):
            parse(["runner", "--port", "x"])
