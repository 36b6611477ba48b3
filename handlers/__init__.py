"""What happens: one module per use case. Knows no chat platform, only the seam in :mod:`handlers.chat`."""
