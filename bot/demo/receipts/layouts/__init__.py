"""The layouts, each a function of its own file: `draw(rng, when) -> Printed`. A new one is a file and a line here."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from bot.demo.receipts.layouts import (
    bookshop,
    cafe,
    card_slip,
    convenience,
    drugstore,
    english,
    handwritten,
    hotel,
    invoice,
    parking,
    restaurant,
    supermarket,
    taxi,
    train,
)
from bot.demo.receipts.layouts.blocks import Printed

LAYOUTS: dict[str, Callable[[Random, datetime], Printed]] = {
    "supermarket": supermarket.draw,
    "convenience": convenience.draw,
    "cafe": cafe.draw,
    "taxi": taxi.draw,
    "parking": parking.draw,
    "hotel": hotel.draw,
    "train": train.ticket,
    "ic_charge": train.charge,
    "handwritten": handwritten.draw,
    "bookshop": bookshop.draw,
    "restaurant": restaurant.draw,
    "drugstore": drugstore.draw,
    "english_cafe": english.cafe,
    "english_hotel": english.hotel,
    "invoice": invoice.draw,
    "card_slip": card_slip.draw,
}
