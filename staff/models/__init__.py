"""Who works here in which unit, what was decided by whom, and what two people decide together, and how
staff are told."""

from staff.models.account import AccountRequest, AccountRequestKind, AccountRequestState, RoleCombination, User
from staff.models.audit import AuditEntry
from staff.models.calendar import CalendarDay, CalendarDayState, CalendarYear
from staff.models.case_file import CaseDocument, CaseNote, DocumentSource, DocumentState
from staff.models.channel import Channel, ChannelKind, RosterEntry
from staff.models.parameter import BusinessParameter, ParameterVersion
from staff.models.proposal import ChangeRequest, Proposal, ProposalState
from staff.models.reminder import Reminder, ReminderSending, ReminderState
from staff.models.report_run import FileOf, ReportRun, RunState
from staff.models.subscription import ReportSubscription, Rhythm
from staff.models.unit import Unit
from staff.models.word_list import KeptWordList, WordListVersion

__all__ = [
    "AccountRequest",
    "AccountRequestKind",
    "AccountRequestState",
    "AuditEntry",
    "BusinessParameter",
    "CalendarDay",
    "CalendarDayState",
    "CalendarYear",
    "CaseDocument",
    "CaseNote",
    "ChangeRequest",
    "Channel",
    "ChannelKind",
    "DocumentSource",
    "DocumentState",
    "FileOf",
    "KeptWordList",
    "ParameterVersion",
    "Proposal",
    "ProposalState",
    "Reminder",
    "ReminderSending",
    "ReminderState",
    "ReportRun",
    "ReportSubscription",
    "Rhythm",
    "RoleCombination",
    "RosterEntry",
    "RunState",
    "Unit",
    "User",
    "WordListVersion",
]
