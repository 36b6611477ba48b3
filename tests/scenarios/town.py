"""The people of the dialogues: a town hall of many small households, so that no dialogue meets another's people.

A household is a worker, their supervisor, an administrator, a colleague, each with an account where the cast wants it.
They are imported as an administrator would do it, from a CSV file, into a server that is already running.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.organization import PEOPLE
from tests.fakes.line import LineServer
from tests.fakes.line_phone import LinePhone
from tests.fakes.server import Server
from tests.fakes.slack import SlackServer
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.slack_state import Team
from tests.fakes.waiting import wait_until
from tests.fakes.web_phone import WebPage, WebPhone
from tests.scenarios.play import Play, Player
from tests.scenarios.script import CASTS, Place
from tests.scenarios.stage import Hands, LineHands, SlackHands, WebHands

ROLES = {
    "worker": ("佐藤", "employee", "supervisor"),
    "supervisor": ("田中", "approver", "administrator"),
    "administrator": ("鈴木", "admin;accountant", "supervisor"),
    "colleague": ("高橋", "employee", "supervisor"),
}


PASS = ("港台", "桜木")  # the stations of every supervisor's commuter pass


def give_passes(server: Server, folder: Path, emails: Iterable[str]) -> None:
    """Import a commuter pass for each of these people, as an administrator would."""
    file = folder / "passes.csv"
    rows = "".join(f"{email},{'>'.join(PASS)},2025-04-01,\n" for email in emails)
    file.write_text("email,stations,from,to\n" + rows, encoding="utf-8")
    server.cli("commuter", "import", str(file))


@dataclass
class Person:
    role: str
    name: str
    email: str
    place: Place
    user: str = ""
    hands: Hands | None = None


@dataclass
class Town:
    """A running server with Slack and LINE around it. `household(cast)` gives people nobody has met yet."""

    server: Server
    slack: SlackServer
    line: LineServer
    free: dict[str, Iterator[dict[str, Person]]] = field(default_factory=dict)
    _made: int = 0

    def settle(self, folder: Path, households: Mapping[str, int]) -> None:
        """Let so many households of each cast move in."""
        people: list[Person] = []
        for cast, number in households.items():
            made = [self._household(cast) for _ in range(number)]
            people += [person for house in made for person in house.values()]
            self.free[cast] = iter(made)
        file = folder / "members.csv"
        with file.open("w", newline="", encoding="utf-8-sig") as out:
            rows = csv.writer(out)
            rows.writerow(["name", "email", "manager_email", "roles", "department", "slack_user_id", "line_user_id"])
            for person in people:
                boss = ROLES[person.role][2] + person.email.removeprefix(person.role)
                accounts = [person.user if person.place == place else "" for place in ("slack", "line")]
                rows.writerow([person.name, person.email, boss, ROLES[person.role][1], "企画課", *accounts])
        self.server.cli("members", "import", str(file))
        give_passes(self.server, folder, [person.email for person in people if person.role == "supervisor"])

    def _household(self, cast: str) -> dict[str, Person]:
        self._made += 1
        house = {}
        for role, (family, _, _) in ROLES.items():
            place = CASTS[cast].get(role, CASTS[cast][""])
            person = Person(role, f"{family} {self._made:03}", f"{role}.{self._made:03}@example.jp", place)
            self._give_account(person)
            house[role] = person
        return house

    def _give_account(self, person: Person) -> None:
        if person.place == "slack":
            user = self.slack.add_user(person.email.split("@")[0], person.email, real_name=person.name)
            person.user, person.hands = user.id, SlackHands(SlackPhone(self.slack, user))
        else:
            friend = self.line.add_user(person.name)
            person.user, person.hands = friend.id, LineHands(LinePhone(self.line, friend))

    def household(self, cast: str) -> dict[str, Player]:
        house = next(self.free[cast])
        return {role: Player(p.name, p.hands, email=p.email) for role, p in house.items() if p.hands is not None}

    def newcomer(self, place: Place, *, known_by_email: bool = False, team: Team | None = None, **more: bool) -> Player:
        """Somebody whom the organisation does not know. `more` are a Slack user's flags (is_restricted, …)."""
        self._made += 1
        name, email = f"新人 {self._made:03}", f"newcomer.{self._made:03}@example.jp"
        if place == "slack":
            shown = email if known_by_email else ""
            user = self.slack.add_user(f"newcomer.{self._made}", shown, real_name=name, team=team, **more)
            return Player(name, SlackHands(SlackPhone(self.slack, user)), email=email)
        friend = self.line.add_user(name)
        return Player(name, LineHands(LinePhone(self.line, friend)), email=email)

    def play(self, cast: str) -> Play:
        newcomer = self.newcomer(CASTS[cast].get("newcomer", CASTS[cast][""]))
        return Play(self.household(cast) | {"newcomer": newcomer}, idle=self.server.idle)


EMAILS = {p.user: p.email for p in PEOPLE}  # of the demo's three people


@dataclass
class Demo:
    """A running demo with the local chat's three phones; every dialogue meets the same three people."""

    server: Server
    page: WebPage

    @classmethod
    def open(cls, server: Server, folder: Path | None = None) -> Demo:
        """``folder``: where the commuter pass of the supervisor is written for the import; none without it."""
        page = WebPage(server.url)
        wait_until(lambda: len(page.users) == 3)
        if folder is not None:
            give_passes(server, folder, [EMAILS["supervisor"]])
        return cls(server, page)

    def play(self, cast: str) -> Play:
        assert cast == "web"
        names = self.page.names
        phones = {p["part"]: WebPhone(self.page, p["user"], names[p["user"]]) for p in self.page.setup["phones"]}
        return Play(
            {part: Player(phone.name, WebHands(phone), email=EMAILS[part]) for part, phone in phones.items()},
            idle=self.idle,
        )

    def idle(self) -> bool:
        """Whether the bot rests, and the page shows what it did."""
        return self.server.idle() and self.page.heard >= self.server.newest_bubble()
