"""Starts the runner, from wherever this folder was installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ollama_airllm.main import main

sys.exit(main(sys.argv[1:]))
