"""The same receipt in two claims: the same picture, the same facts, the same payment on a statement.

The same bytes are met before there is a claim (``handlers.duplicates``). ``pictures`` finds alike pictures when a
receipt is read; the rules of this package then ask what is known. None of them names another person: whoever keeps the
books sees both claims (``handlers.cards.duplicates``), everybody else only that there is another one.
"""

from handlers.policies.duplicates.facts import DUPLICATE_FACTS
from handlers.policies.duplicates.picture import DUPLICATE_PICTURE
from handlers.policies.duplicates.statement import DUPLICATE_STATEMENT

__all__ = ["DUPLICATE_FACTS", "DUPLICATE_PICTURE", "DUPLICATE_STATEMENT"]
