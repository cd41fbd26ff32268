"""The head of a GGUF file."""

import struct
import tempfile
import unittest
from pathlib import Path

from ollama_airllm.gguf import GgufError, read_head, write_pointer


class GgufTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "p.gguf"

    def test_what_is_written_is_read(self) -> None:
        write_pointer(self.file, {"airllm.checkpoint": "/srv/ä", "llama.block_count": 80})
        head = read_head(self.file)
        self.assertEqual(head.tensors, 0)
        self.assertEqual(dict(head.values), {"airllm.checkpoint": "/srv/ä", "llama.block_count": 80})

    def test_a_file_that_ends_early_is_refused_wherever_it_ends(self) -> None:
        write_pointer(self.file, {"a": "text", "b": 1})
        whole = self.file.read_bytes()
        for length in range(len(whole)):
            self.file.write_bytes(whole[:length])
            with self.assertRaises(GgufError, msg=str(length)):
                read_head(self.file)

    def test_numbers_that_can_not_be_true_are_refused_at_once(self) -> None:
        for rest in (struct.pack("<QQ", 0, 1 << 60), struct.pack("<QQQ", 0, 1, 1 << 60)):
            self.file.write_bytes(b"GGUF" + struct.pack("<I", 3) + rest)
            with self.assertRaises(GgufError):
                read_head(self.file)
        array = struct.pack("<QQ", 0, 1) + struct.pack("<Q1sIIQ", 1, b"a", 9, 8, 1 << 60)
        self.file.write_bytes(b"GGUF" + struct.pack("<I", 3) + array)
        with self.assertRaisesRegex(GgufError, "ends early"):
            read_head(self.file)

    def test_a_string_of_many_megabytes_is_not_taken_into_memory(self) -> None:
        write_pointer(self.file, {"a": "x" * ((1 << 20) + 1)})
        with self.assertRaisesRegex(GgufError, "a string of 1048577 bytes"):
            read_head(self.file)

    def test_another_file_is_refused(self) -> None:
        self.file.write_bytes(b"PK\3\4" + b"\0" * 60)
        with self.assertRaisesRegex(GgufError, "no GGUF file"):
            read_head(self.file)
