"""Receipts of a journey abroad: a café with tip, a hotel folio. Currency, date order and tax follow the country."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.numbers import digits
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.truth import Item, Kind, Payment, TaxLine, Truth


@dataclass(frozen=True)
class Country:
    currency: str
    symbol: str
    rate: int
    tax_name: str
    inclusive: bool
    tips: bool
    phone: str
    cities: tuple[str, ...]
    dates: tuple[Callable[[date], str], ...]


COUNTRIES = (
    # 555-01xx is set aside for fiction in North America, 020 7946 0xxx by Ofcom in London.
    Country(
        "USD",
        "$",
        7,
        "Sales Tax",
        False,
        True,
        "(555) 555-01{:02d}",
        ("Harrow Bay, OR", "Lindenfield, VT"),
        (lambda d: f"{d:%m/%d/%Y}", lambda d: f"{d:%b} {d.day}, {d.year}"),
    ),
    Country(
        "GBP",
        "£",
        20,
        "VAT",
        True,
        False,
        "020 7946 0{:03d}",
        ("Marrowbridge", "Thistle Cross"),
        (lambda d: f"{d:%d/%m/%Y}", lambda d: f"{d.day} {d:%b} {d.year}"),
    ),
    Country(
        "EUR",
        "€",
        10,
        "VAT",
        True,
        False,
        "+353 20 910 0{:03d}",
        ("Ballinorra", "Port Selskar"),
        (lambda d: f"{d:%d/%m/%Y}", lambda d: f"{d.day} {d:%B} {d.year}"),
    ),
    Country(
        "SGD",
        "S$",
        9,
        "GST",
        False,
        False,
        "+65 0100 0{:03d}",
        ("Kampong Seri", "Marina Lorong"),
        (lambda d: f"{d:%d/%m/%Y}", lambda d: f"{d:%d-%b-%Y}"),
    ),
)
CAFES = ("The Blue Kettle", "Marlow & Finch Coffee", "Pepperwood Bakehouse", "Tin Roof Espresso", "Old Ferry Tea Room")
HOTELS = ("The Lanternfish Hotel", "Quayside House Hotel", "Hotel Alderbrook", "Tamarind Court Hotel")
MENU = (
    ("Flat White", 420),
    ("Filter Coffee", 350),
    ("Almond Croissant", 475),
    ("Soup of the Day", 890),
    ("Grilled Sandwich", 1150),
    ("Sparkling Water", 380),
    ("Carrot Cake", 560),
    ("Garden Salad", 1240),
)


def cafe(rng: Random, when: datetime) -> blocks.Printed:
    country = rng.choice(COUNTRIES)
    name = rng.choice(CAFES)
    items = tuple(
        Item(what, count := rng.choice((1, 1, 1, 2)), count * price, country.rate)
        for what, price in rng.sample(MENU, rng.randint(2, 5))
    )
    slip = Slip(rng.choice((32, 34, 36)), leading=1.22)
    phone = country.phone.format(rng.randrange(100))
    tips = country.tips and rng.random() < 0.7

    slip.display(name, 84, face=rng.choice(("serif", "sans")))
    slip.text(f"{rng.randint(2, 190)} {rng.choice(('Mill Lane', 'Harbour Street', 'Elm Row'))}", "center")
    slip.text(rng.choice(country.cities), "center")
    slip.text(f"Tel {phone}", "center")
    slip.gap(10)
    slip.rule("dash")
    slip.pair(
        rng.choice(country.dates)(when.date()), f"{when:%H:%M}" if country.currency != "USD" else f"{when:%I:%M %p}"
    )
    slip.pair(f"Table {rng.randint(1, 24)}", f"Order #{rng.randint(100, 9999)}")
    slip.rule("dash")
    for item in items:
        slip.pair(f"{item.quantity} {item.name}", _money(item.amount, country))
    slip.rule("dash")
    return _close(slip, rng, when, country, name, phone, items, "english_cafe", "meals", tips, True)


def hotel(rng: Random, when: datetime) -> blocks.Printed:
    country = rng.choice(COUNTRIES)
    name = rng.choice(HOTELS)
    nights = rng.randint(1, 4)
    items = [Item("Room charge", nights, nights * 100 * rng.randint(95, 310), country.rate)]
    if rng.random() < 0.6:
        items.append(Item("Breakfast", nights, nights * rng.choice((1450, 1800, 2200)), country.rate))
    slip = Slip(44, face="serif", margin=80, leading=1.42)
    phone = country.phone.format(rng.randrange(100))
    dated = rng.choice(country.dates)

    slip.gap(30)
    slip.display(name, 84, face="serif", track=3)
    slip.text(f"{rng.randint(2, 90)} Station Parade, {rng.choice(country.cities)}", "center", size=0.85)
    slip.text(f"Telephone {phone}", "center", size=0.85)
    slip.gap(24)
    slip.display("GUEST RECEIPT", 54, track=8)
    slip.rule("double")
    slip.pair("Receipt no.", digits(rng, 6))
    slip.pair("Date", dated(when.date()))
    slip.pair("Arrival", dated((when - timedelta(days=nights)).date()))
    slip.pair("Departure", dated(when.date()))
    slip.pair("Room", f"{rng.randint(1, 9)}{rng.randint(1, 30):02d}")
    slip.rule("line")
    for item in items:
        slip.pair(
            f"{item.name} ({item.quantity} nights)" if item.quantity > 1 else f"{item.name} (1 night)",
            _money(item.amount, country),
        )
    slip.rule("line")
    return _close(slip, rng, when, country, name, phone, tuple(items), "english_hotel", "lodging", False, False)


def _money(amount: int, country: Country) -> str:
    return f"{country.symbol}{amount // 100:,}.{amount % 100:02d}"


def _close(
    slip: Slip,
    rng: Random,
    when: datetime,
    country: Country,
    name: str,
    phone: str,
    items: tuple[Item, ...],
    layout: str,
    category: str,
    tips: bool,
    clock: bool,
) -> blocks.Printed:
    """Sums, tax of the country, tip and the card; and the truth."""
    amount = sum(item.amount for item in items)
    if country.inclusive:
        tax = round(amount * country.rate / (100 + country.rate))
        due = amount
    else:
        tax = round(amount * country.rate / 100)
        due = amount + tax
    tip = round(amount * 0.18) if tips else 0
    if not country.inclusive:
        slip.pair("Subtotal", _money(amount, country))
        slip.pair(f"{country.tax_name} {country.rate}%", _money(tax, country))
    if tips:
        slip.pair("Tip", _money(tip, country))
    slip.pair(rng.choice(("TOTAL", "Total")), _money(due + tip, country), size=1.5, bold=True)
    if country.inclusive:
        slip.text(f"incl. {country.tax_name} {country.rate}%  {_money(tax, country)}", "right", size=0.9)
    slip.gap(8)
    last4 = digits(rng, 4)
    slip.pair(rng.choice(("VISA", "Mastercard", "Card")) + f" ****{last4}", _money(due + tip, country))
    slip.text(f"Currency: {country.currency}", size=0.85)
    slip.gap()
    slip.text(rng.choice(("Thank you for your visit!", "Thank you, see you again")), "center")
    truth = Truth(
        kind=Kind.RECEIPT,
        layout=layout,
        issuer=name,
        also=(),
        branch=None,
        date=when.date(),
        time=when.time().replace(second=0, microsecond=0) if clock else None,
        total=due + tip,
        currency=country.currency,
        taxes=(TaxLine(country.rate, amount, tax, country.inclusive),),
        registration_number=None,
        phone=phone,
        payment=Payment.CREDIT,
        items=items,
        card_last4=last4,
        tip=tip or None,
        category=category,
    )
    if layout == "english_hotel":
        return blocks.Printed(((slip.ink(110), (30, 32, 48)),), truth, "plain")
    return blocks.thermal(slip, truth)
