"""Numbers that pass every check and belong to nobody.

- Registration number: body `9999` + 8 digits, which no registry office issues, with the right check digit
  (国税庁: check digit = 9 - sum of P·Q mod 9, P counted from the right, Q = 1 for odd places and 2 for even ones).
- Phone: a local exchange that begins with 0, which 総務省's numbering plan never assigns.
"""

from random import Random

FICTIONAL_BODY = "9999"


def check_digit(body: str) -> int:
    """Check digit of a twelve-digit body of a Japanese corporate or registration number."""
    weighted = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(body), start=1))
    return 9 - weighted % 9


def registration_number(rng: Random) -> str:
    body = FICTIONAL_BODY + f"{rng.randrange(10**8):08d}"
    return f"T{check_digit(body)}{body}"


AREAS = ("03", "06", "011", "022", "045", "052", "075", "092", "0242", "0263", "0776", "0857", "0995")


def phone(rng: Random) -> str:
    """A Japanese land line of ten digits with hyphens."""
    area = rng.choice(AREAS)
    exchange = "0" + f"{rng.randrange(10 ** (5 - len(area))):0{5 - len(area)}d}"
    return f"{area}-{exchange}-{rng.randrange(10000):04d}"


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))
