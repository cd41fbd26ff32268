"""A runner for Ollama that streams a model's layers from the disk with AirLLM, and the dispatcher that chooses it."""
