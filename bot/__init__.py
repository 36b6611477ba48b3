"""The outside world: processes, settings, chat platforms and web pages."""
