"""Contracts that we did not write: LINE's OpenAPI, Slack's block types, an independent Slack emulator."""
