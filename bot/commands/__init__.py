"""Subcommands of ``keihi`` that take more than a few lines."""
