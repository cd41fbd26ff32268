"""Both protocols over real HTTP, with a model that has no weights."""

import json
import threading
import time
import unittest
from http.client import HTTPConnection
from typing import Any

from ollama_airllm.arguments import Dialect
from ollama_airllm.errors import RunnerError

from .fakes import FakeEngine, ask, send, serving

RUNNER, SERVER = Dialect.OLLAMA_RUNNER, Dialect.LLAMA_SERVER


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.decode().splitlines()]


def events(data: bytes) -> list[dict[str, Any]]:
    found = [line.removeprefix("data: ") for line in data.decode().split("\n\n") if line]
    return [json.loads(line) for line in found if line != "[DONE]"]


class LoadingTests(unittest.TestCase):
    def test_ollama_sees_progress_that_moves_and_clients_of_llama_server_503(self) -> None:
        go, said = threading.Event(), threading.Event()

        def load(progress: Any) -> FakeEngine:
            progress(0.25)
            said.set()
            go.wait(5)
            return FakeEngine()

        for dialect, loading in ((RUNNER, 200), (SERVER, 503)):
            go.clear()
            said.clear()
            with serving(load, dialect, ready=False) as server:
                said.wait(5)
                status, _, data = ask(server, "/health")
                body = json.loads(data)
                self.assertEqual((status, body["status"], body["progress"]), (loading, "loading model", 0.25))
                # Ollama 0.5.7 reads "error" as a string, and newer ones as an object.
                self.assertEqual("error" in body, dialect is SERVER)
                self.assertEqual(ask(server, "/completion", {"prompt": "x"})[0], 503)
                go.set()
                server.worker.finished.wait(5)
                self.assertEqual(json.loads(ask(server, "/health")[2])["status"], "ok")

    def test_progress_never_goes_back_and_is_whole_only_at_the_end(self) -> None:
        seen: list[float] = []
        go, known, set_all = threading.Event(), threading.Event(), threading.Event()

        def load(progress: Any) -> FakeEngine:
            known.wait(5)
            for value in (0.5, 0.2, 1.0):
                progress(value)
                seen.append(server.worker.progress)
            set_all.set()
            go.wait(5)
            return FakeEngine()

        with serving(load, RUNNER, ready=False) as server:
            known.set()
            set_all.wait(5)
            self.assertEqual(seen, [0.5, 0.5, 0.99])
            go.set()
            server.worker.finished.wait(5)
            self.assertEqual(server.worker.progress, 1.0)

    def test_a_model_that_can_not_be_loaded_is_a_sentence(self) -> None:
        def load(_: Any) -> FakeEngine:
            raise RunnerError("the disk is full")

        def crash(_: Any) -> FakeEngine:
            raise ValueError("boom")

        with serving(load, SERVER) as server:
            status, _, data = ask(server, "/health")
            self.assertEqual((status, json.loads(data)["error"]["message"]), (500, "the disk is full"))
        with serving(crash, RUNNER) as server:
            status, kind, data = ask(server, "/completion", {"prompt": "x"})
            self.assertEqual((status, data), (500, b"loading the model failed: ValueError: boom"))
            self.assertTrue(kind.startswith("text/plain"))


class RunnerTests(unittest.TestCase):
    def test_a_completion_is_lines_of_json_with_its_times_at_the_end(self) -> None:
        with serving(lambda _: FakeEngine("hi"), RUNNER) as server:
            status, kind, data = ask(server, "/completion", {"prompt": "abc", "stream": True})
        self.assertEqual((status, kind), (200, "application/json"))
        *pieces, end = lines(data)
        self.assertEqual(pieces, [{"content": "h", "stop": False}, {"content": "i", "stop": False}])
        self.assertEqual((end["content"], end["stop"], end["stopped_limit"]), ("", True, False))
        self.assertEqual((end["timings"]["prompt_n"], end["timings"]["predicted_n"]), (4, 3))
        self.assertGreaterEqual(end["timings"]["prompt_ms"], 0)

    def test_a_limit_is_kept_and_said(self) -> None:
        with serving(lambda _: FakeEngine("hello"), RUNNER) as server:
            *pieces, end = lines(ask(server, "/completion", {"prompt": "abc", "n_predict": 2})[2])
        self.assertEqual("".join(p["content"] for p in pieces), "he")
        self.assertTrue(end["stopped_limit"])

    def test_the_context_is_a_limit_too(self) -> None:
        with serving(lambda _: FakeEngine("hello", context=6), RUNNER) as server:
            *pieces, end = lines(ask(server, "/completion", {"prompt": "abc", "n_predict": -1})[2])
        self.assertEqual(("".join(p["content"] for p in pieces), end["stopped_limit"]), ("he", True))

    def test_a_stop_string_ends_it(self) -> None:
        with serving(lambda _: FakeEngine("one<|end|>two"), RUNNER) as server:
            *pieces, end = lines(ask(server, "/completion", {"prompt": "a", "stop": ["<|end|>"]})[2])
        self.assertEqual(("".join(p["content"] for p in pieces), end["stopped_limit"]), ("one", False))

    def test_a_prompt_that_is_too_long_is_refused_and_not_cut(self) -> None:
        engine = FakeEngine(context=8)
        with serving(lambda _: engine, RUNNER) as server:
            status, _, data = ask(server, "/completion", {"prompt": "12345678"})
        self.assertEqual(status, 400)
        self.assertIn(b"the prompt has 9 tokens and the context holds 8", data)
        self.assertEqual(engine.samplings, [])

    def test_all_that_ollama_sends_is_understood(self) -> None:
        engine = FakeEngine("x")
        body = {
            **{"prompt": "a", "stream": True, "n_predict": 5, "n_keep": 4, "main_gpu": 0, "temperature": 0.5, "top_k": 7},
            **{"top_p": 0.9, "min_p": 0.1, "typical_p": 1, "repeat_last_n": 9, "repeat_penalty": 1.1, "mirostat": 0},
            **{"presence_penalty": 0.2, "frequency_penalty": 0.3, "mirostat_tau": 5, "mirostat_eta": 0.1, "seed": 42},
            **{"stop": None, "image_data": None, "cache_prompt": True},
        }
        with serving(lambda _: engine, RUNNER) as server:
            self.assertEqual(ask(server, "/completion", body)[0], 200)
        wish = engine.samplings[0]
        self.assertEqual((wish.temperature, wish.top_k, wish.top_p, wish.min_p, wish.seed), (0.5, 7, 0.9, 0.1, 42))
        self.assertEqual((wish.repeat_last_n, wish.repeat_penalty), (9, 1.1))
        self.assertEqual((wish.presence_penalty, wish.frequency_penalty), (0.2, 0.3))

    def test_what_can_not_be_done_is_refused_by_name(self) -> None:
        with serving(lambda _: FakeEngine(), RUNNER) as server:
            for field, value, said in (
                ("grammar", "root ::= x", "a grammar"),
                ("image_data", [{"data": "", "id": 1}], "images"),
                ("mirostat", 2, "mirostat"),
                ("temperature", "hot", "temperature: a number"),
                ("n_predict", 1.5, "n_predict: a whole number"),
                ("n_predict", True, "n_predict: a whole number"),
                ("stop", [1], "stop: a string"),
                ("top_p", float("nan"), "top_p"),
            ):
                status, _, data = ask(server, "/completion", {"prompt": "a", field: value})
                self.assertEqual(status, 400, field)
                self.assertIn(said, data.decode())

    def test_embeddings_are_refused_clearly(self) -> None:
        with serving(lambda _: FakeEngine(), RUNNER) as server:
            status, _, data = ask(server, "/embedding", {"content": "x"})
        self.assertEqual(status, 501)
        self.assertIn(b"embeddings: AirLLM's runner writes text only", data)

    def test_tokens_there_and_back(self) -> None:
        with serving(lambda _: FakeEngine(), RUNNER) as server:
            self.assertEqual(json.loads(ask(server, "/tokenize", {"content": "ab"})[2]), {"tokens": [97, 98]})
            self.assertEqual(json.loads(ask(server, "/detokenize", {"tokens": [97, 98]})[2]), {"content": "ab"})
            self.assertEqual(ask(server, "/detokenize", {"tokens": ["a"]})[0], 400)

    def test_a_client_that_goes_away_stops_the_model_before_its_next_token(self) -> None:
        engine = FakeEngine("x" * 60, delay=0.05, context=1000)
        with serving(lambda _: engine, RUNNER) as server:
            connection, response = send(server, "/completion", {"prompt": "a"})
            response.readline()
            response.close()
            connection.close()
            self.assertTrue(engine.cancelled.wait(3))
            self.assertLess(engine.given, 30)
            self.assertEqual(ask(server, "/health")[0], 200)

    def test_a_client_that_goes_away_before_the_first_token_stops_it_too(self) -> None:
        engine = FakeEngine("x" * 60, delay=2)
        with serving(lambda _: engine, RUNNER) as server:
            connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
            connection.request("POST", "/completion", json.dumps({"prompt": "a"}))
            time.sleep(0.1)
            connection.close()
            self.assertTrue(engine.cancelled.wait(3))
            self.assertEqual(engine.given, 0)

    def test_one_generation_runs_at_a_time_and_the_others_wait(self) -> None:
        engine = FakeEngine("abc", delay=0.02)
        answers: list[bytes] = []
        with serving(lambda _: engine, RUNNER, waiting=8) as server:
            clients = [
                threading.Thread(target=lambda: answers.append(ask(server, "/completion", {"prompt": "a"})[2])) for _ in range(5)
            ]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
        self.assertEqual((len(answers), engine.most), (5, 1))
        self.assertTrue(all(lines(answer)[-1]["stop"] for answer in answers))

    def test_a_queue_that_is_full_says_so(self) -> None:
        engine = FakeEngine("abcdef", delay=0.2)
        statuses: list[int] = []
        with serving(lambda _: engine, RUNNER, waiting=1) as server:
            clients = [
                threading.Thread(target=lambda: statuses.append(ask(server, "/completion", {"prompt": "a", "n_predict": 1})[0]))
                for _ in range(6)
            ]
            for client in clients:
                client.start()
                time.sleep(0.01)
            for client in clients:
                client.join()
        self.assertIn(503, statuses)
        self.assertIn(200, statuses)

    def test_a_model_that_fails_while_it_answers_does_not_end_the_server(self) -> None:
        class Failing(FakeEngine):
            def generate(self, *_: Any) -> None:
                raise ValueError("no more memory")

        with serving(lambda _: Failing(), RUNNER) as server:
            status, _, data = ask(server, "/completion", {"prompt": "a"})
            self.assertEqual((status, data), (500, b"the model failed: ValueError: no more memory"))
            self.assertEqual(ask(server, "/health")[0], 200)


class ServerTests(unittest.TestCase):
    def test_completion_in_events_and_whole(self) -> None:
        with serving(lambda _: FakeEngine("hi"), SERVER) as server:
            _, kind, data = ask(server, "/completion", {"prompt": "a", "stream": True})
            whole = json.loads(ask(server, "/completion", {"prompt": "a"})[2])
        self.assertEqual(kind, "text/event-stream")
        self.assertEqual([event["content"] for event in events(data)], ["h", "i", ""])
        self.assertEqual((events(data)[-1]["stop_type"], whole["content"], whole["stop_type"]), ("eos", "hi", "eos"))

    def test_chat_in_events_and_whole(self) -> None:
        body = {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}], "max_tokens": 2}
        with serving(lambda _: FakeEngine("hello"), SERVER) as server:
            _, _, data = ask(server, "/v1/chat/completions", {**body, "stream": True})
            whole = json.loads(ask(server, "/v1/chat/completions", body)[2])
            prompt = json.loads(ask(server, "/apply-template", body)[2])
        self.assertEqual(prompt, {"prompt": "<user>Hi"})
        self.assertTrue(data.endswith(b"data: [DONE]\n\n"))
        choices = [event["choices"][0] for event in events(data)]
        self.assertEqual("".join(c["delta"].get("content", "") for c in choices), "he")
        self.assertEqual([c["finish_reason"] for c in choices], [None, None, "length"])
        self.assertEqual(whole["choices"][0]["message"], {"role": "assistant", "content": "he"})
        self.assertEqual(whole["usage"], {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11})

    def test_what_chat_can_not_do_is_refused(self) -> None:
        message = {"role": "user", "content": "Hi"}
        image = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}
        with serving(lambda _: FakeEngine(), SERVER) as server:
            for body, said in (
                ({"messages": []}, "messages"),
                ({"messages": [image]}, "text only"),
                ({"messages": [message], "tools": [{}]}, "tools"),
                ({"messages": [message], "n": 2}, "one answer"),
                ({"messages": [message], "response_format": {"type": "json_object"}}, "response_format"),
                ({"messages": [message], "logprobs": True}, "probabilities"),
            ):
                status, _, data = ask(server, "/v1/chat/completions", body)
                error = json.loads(data)["error"]
                self.assertEqual((status, error["code"], error["type"]), (400, 400, "invalid_request_error"))
                self.assertIn(said, error["message"])

    def test_models_and_props_say_what_a_token_costs(self) -> None:
        with serving(lambda _: FakeEngine(), SERVER) as server:
            models = json.loads(ask(server, "/v1/models")[2])
            props = json.loads(ask(server, "/props")[2])
        self.assertEqual(models["data"][0]["id"], "fake")
        self.assertEqual(props["default_generation_settings"]["n_ctx"], 64)
        self.assertEqual(props["airllm"]["seconds_per_token"], 1.074)

    def test_bodies_and_routes_that_are_none(self) -> None:
        with serving(lambda _: FakeEngine(), SERVER) as server:
            self.assertEqual(ask(server, "/nothing")[0], 404)
            for headers, raw, wanted in (
                ({"Content-Length": "3"}, b"{x}", 400),
                ({"Content-Length": "2"}, b"[]", 400),
                ({"Content-Length": "99999999999"}, b"", 411),
                ({"Transfer-Encoding": "chunked"}, b"0\r\n\r\n", 411),
                ({"Content-Length": "2", "Host": "evil.example:80"}, b"{}", 403),
            ):
                connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
                connection.putrequest("POST", "/completion", skip_host="Host" in headers)
                for name, value in headers.items():
                    connection.putheader(name, value)
                connection.endheaders()
                connection.send(raw)
                self.assertEqual(connection.getresponse().status, wanted, headers)
                connection.close()
