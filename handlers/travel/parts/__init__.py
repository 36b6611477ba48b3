"""The kinds of allowance: one module each, all registered in ``handlers.travel.compute``."""
