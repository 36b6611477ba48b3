"""What every form is: how its subject is found, how its answers are checked, what they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import claims
from handlers.actions import Action
from handlers.errors import Refusal
from handlers.services import Services
from handlers.turn import Turn
from storage.models import Claim, Organization

Wrong = dict[str, Refusal]
Values = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """A form that came back: what its token says, and where to look things up."""

    session: Session
    services: Services
    organization: Organization
    action: Action

    @property
    def today(self) -> date:
        return self.services.clock().astimezone(ZoneInfo(self.organization.zone)).date()

    def claim(self) -> Claim:
        """The claim that the form is about; :class:`Refusal` when it has changed since the form was drawn."""
        claim = self.session.get(Claim, self.action.subject)
        if claim is None:
            raise Refusal("This button is not valid. Please use the newest message.")
        if claims.current(claim, self.action.version) != claim.version:
            raise claims.stale(self.session, claim, self.organization.zone)
        return claim


@dataclass(frozen=True)
class FormKind:
    """``check`` says what is wrong by input name, changing nothing; ``answer`` carries out what passed it.

    Both raise :class:`Refusal` where the whole form is too late or not this person's.
    """

    check: Callable[[Asked, Values], Wrong]
    answer: Callable[[Turn, Action, Values], None]
