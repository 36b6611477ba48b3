"""Fictional receipts that the project draws itself, for the demo's tray, for tests and for measuring the reader.

`render(seed)` gives a picture and what it says; `sample_tray()` gives the eight that the demo offers. Shops, people and
numbers are invented; every registration number carries a right check digit and a body that no office issues.
"""

from bot.demo.receipts.layouts import LAYOUTS
from bot.demo.receipts.paper import Print
from bot.demo.receipts.photo import Scene
from bot.demo.receipts.render import Rendered, Spec, drawn, render
from bot.demo.receipts.tray import MOTIFS, Motif, Sample, render_sample, sample_tray
from bot.demo.receipts.truth import Item, Kind, Payment, TaxLine, Truth

__all__ = [
    "LAYOUTS",
    "MOTIFS",
    "Item",
    "Kind",
    "Motif",
    "Payment",
    "Print",
    "Rendered",
    "Sample",
    "Scene",
    "Spec",
    "TaxLine",
    "Truth",
    "drawn",
    "render",
    "render_sample",
    "sample_tray",
]
