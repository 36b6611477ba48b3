"""The tables, a module a subject. Every row belongs to one organisation; money is integer minor units; times are UTC.

Only columns and keys live here. What may happen to a row is written in the handlers.
"""

from storage.base import Base, OrganizationRow, UtcTime, new_id
from storage.models.approvals import ApprovalStep, Comment, Delegation, Digest, Post, Route, Seat
from storage.models.budgets import Budget, BudgetEntry, ExchangeRate
from storage.models.chat import Album, Delivery, Dialogue, InboxEvent, PlatformFile, WebMessage
from storage.models.claims import Claim, Decision, Expense, Lesson, Receipt
from storage.models.lane import LaneDecision, LaneDraw, LaneRule
from storage.models.people import ExpectedAccount, Identity, Installation, LinkSecret, Member, Organization, Throttle
from storage.models.pictures import LikePicture, PictureBand
from storage.models.rules import Policy
from storage.models.system import AuditEvent, AuditHead, Executor, JobRecord
from storage.models.trips import CommuterPass, Fare, PackCell, PackUse, StatementRow, TravelPack, Trip

__all__ = [
    "Album",
    "ApprovalStep",
    "AuditEvent",
    "AuditHead",
    "Base",
    "Budget",
    "BudgetEntry",
    "Claim",
    "Comment",
    "CommuterPass",
    "Decision",
    "Delegation",
    "Delivery",
    "Dialogue",
    "Digest",
    "ExchangeRate",
    "Executor",
    "ExpectedAccount",
    "Expense",
    "Fare",
    "Identity",
    "InboxEvent",
    "Installation",
    "JobRecord",
    "LaneDecision",
    "LaneDraw",
    "LaneRule",
    "Lesson",
    "LikePicture",
    "LinkSecret",
    "Member",
    "Organization",
    "OrganizationRow",
    "PackCell",
    "PackUse",
    "PictureBand",
    "PlatformFile",
    "Policy",
    "Post",
    "Receipt",
    "Route",
    "Seat",
    "StatementRow",
    "Throttle",
    "TravelPack",
    "Trip",
    "UtcTime",
    "WebMessage",
    "new_id",
]
