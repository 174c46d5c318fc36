"""Help of the agent with the form that the customer fills in (clause 9.6.3c, docs/adr/0032). Pure.

What the wire says never decides: a value is proposed only while the customer allows it, only for a field of `FIELDS`
that stands on the glass, and it is in the field only after his touch. Consent, PIN, codes and payments have no entry
there, and a field that hides its signs has none whatever its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from signaling_server.contract.help import (
    VALUE_LENGTH_MAX,
    FieldProposed,
    HelpField,
    HelpOffered,
    HelpState,
    HelpTold,
    HelpWithdrawn,
    ProposalAnswer,
)
from terminal_app.core.visit_tasks import ON_PAGE
from terminal_app.core.visit_values import Visit
from terminal_app.ipc.call_messages import AnswerProposal, HelpView, StopHelp
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choice, Choose, EntryKind, Page, PageKind

PAGE, ALLOW = "help_offer", "allow"
OFFER = Page(PAGE, PageKind.TEXT, choices=[Choice(ALLOW), Choice("no")], back=False)
ACCOUNT_LENGTH_MAX = 20

# Where the call makes room. Not the camera, which the call has, and nothing that money moves on.
BESIDE = (ON_PAGE - {Screen.PAGE_PHOTO}) | {
    Screen.ACCOUNT_ENTRY,
    Screen.ACCOUNT_CONFIRM,
    Screen.SECOND_ATTRIBUTE,
}

FIELDS = {
    "written.text": HelpField.TEXT,
    "written.note": HelpField.TEXT,
    "written.place": HelpField.ADDRESS,
    "written.address": HelpField.ADDRESS,
    "written.phone": HelpField.PHONE,
    "written.email": HelpField.EMAIL,
    "written.name": HelpField.NAME,
    "written.account": HelpField.ACCOUNT,
    "booking.phone": HelpField.PHONE,
    "case_status": HelpField.NUMBER,
    "case_status.reason": HelpField.TEXT,
    "knowledge.search": HelpField.TEXT,
    Screen.ACCOUNT_ENTRY.value: HelpField.ACCOUNT,
}
_READING = re.compile(r"readings\.[^.]+\.[^.]+")  # of a meter, in a zone
_FITS = {
    EntryKind.DIGITS: re.compile(r"[0-9]+"),
    EntryKind.PHONE: re.compile(r"(\+7|8|7)?[0-9]{10}"),
    EntryKind.EMAIL: re.compile(r"[!-~]+@[!-~]+"),
}
_BETWEEN_DIGITS = re.compile(r"[\s()-]")


@dataclass(frozen=True, slots=True)
class Form:
    """What stands on the visit's screen. `name` is empty where there is nothing to help with."""

    name: str = ""
    field: HelpField | None = None  # None: nothing may be proposed
    kind: EntryKind = EntryKind.TEXT
    length_max: int = 0


NO_FORM = Form()


@dataclass(frozen=True, slots=True)
class Help:
    """`proposal` stands before the customer until it is answered, or its form is left."""

    state: HelpState = HelpState.NONE
    form: Form = NO_FORM
    proposal: FieldProposed | None = None
    answered_id: str = ""
    answer: ProposalAnswer | None = None


NO_HELP = Help()
Message = HelpOffered | HelpWithdrawn | FieldProposed


def form_of(visit: Visit) -> Form:
    """The form at the terminal, and what its field is."""
    if visit.screen not in BESIDE:
        return NO_FORM
    if visit.screen is Screen.ACCOUNT_ENTRY:
        return Form(visit.screen.value, FIELDS[visit.screen.value], EntryKind.DIGITS, ACCOUNT_LENGTH_MAX)
    page = visit.page if visit.screen in ON_PAGE else None
    if page is None:
        return Form(visit.screen.value)
    entry, field = page.entry, field_of(page)
    if entry is None or field is None:
        return Form(page.name)
    return Form(page.name, field, entry.kind, min(entry.length_max, VALUE_LENGTH_MAX))


def field_of(page: Page) -> HelpField | None:
    """None: not in the agent's reach."""
    if page.entry is None or page.entry.secret:
        return None
    if _READING.fullmatch(page.name) and page.entry.kind is EntryKind.DIGITS:
        return HelpField.READING
    return FIELDS.get(page.name)


def form_stands(now: Help, form: Form) -> Help:
    """As time passes. A proposal for another form is gone with it; no form, no help."""
    if form == now.form:
        return now
    after = replace(now, form=form)
    if not form.name:
        return replace(after, state=HelpState.NONE, proposal=None)
    left = now.proposal is not None and now.proposal.form != form.name
    return replace(after, proposal=None) if left else after


def heard(now: Help, message: Message) -> Help:
    """From the agent."""
    match message:
        case HelpOffered() if now.state is HelpState.NONE and now.form.name:
            return replace(now, state=HelpState.OFFERED)
        case HelpWithdrawn():
            return stopped(now)
        case FieldProposed():
            return _proposed(now, message)
        case _:
            return now


def _proposed(now: Help, message: FieldProposed) -> Help:
    """The newest one stands. One that is known already changes nothing."""
    known = now.proposal.proposal_id if now.proposal is not None else ""
    if message.proposal_id in (known, now.answered_id):
        return now
    form = now.form
    if now.state is not HelpState.ON or form.field is None or message.form != form.name:
        return replace(now, answered_id=message.proposal_id, answer=ProposalAnswer.REFUSED)
    value = _fitting(message.value, form)
    if not value:
        return replace(now, answered_id=message.proposal_id, answer=ProposalAnswer.UNFIT)
    told = FieldProposed(message.call_id, message.proposal_id, message.form, value)
    return replace(now, proposal=told)


def _fitting(value: str, form: Form) -> str:
    """As it would stand in the field; empty: it cannot. Nothing is cut off: half a text is not the agent's words."""
    value = " ".join(value.split())
    if form.kind in (EntryKind.PHONE, EntryKind.DIGITS):
        value = _BETWEEN_DIGITS.sub("", value)
    shape = _FITS.get(form.kind)
    fits = value.isprintable() and len(value) <= form.length_max and (shape is None or shape.fullmatch(value))
    return value if fits else ""


def pressed(now: Help, press: Choose | StopHelp | AnswerProposal) -> Help:
    """The customer's touch."""
    match press:
        case Choose(page=page, key=key) if page == PAGE and now.state is HelpState.OFFERED:
            return replace(now, state=HelpState.ON if key == ALLOW else HelpState.NONE)
        case StopHelp():
            return stopped(now)
        case AnswerProposal(proposal_id=proposal_id, taken=taken):
            if now.proposal is None or now.proposal.proposal_id != proposal_id:
                return now
            answer = ProposalAnswer.TAKEN if taken else ProposalAnswer.DECLINED
            return replace(now, proposal=None, answered_id=proposal_id, answer=answer)
        case _:
            return now


def stopped(now: Help) -> Help:
    """At once, with what stood there. What is in the field stays: it is the customer's."""
    return Help(form=now.form)


def told(call_id: str, now: Help) -> HelpTold:
    """All of it, for the agent. Which form it is he learns only from who lets himself be helped."""
    on, form = now.state is HelpState.ON, now.form
    standing = now.proposal.proposal_id if now.proposal is not None else ""
    return HelpTold(
        call_id,
        now.state,
        form_stands=bool(form.name),
        form=form.name if on else "",
        field=form.field if on else None,
        length_max=form.length_max if on else 0,
        proposal_id=standing or now.answered_id,
        answer=None if standing else now.answer,
    )


def news(call_id: str, before: Help, after: Help) -> list[HelpTold]:
    """What the agent is told of a change."""
    now = told(call_id, after)
    return [now] if now != told(call_id, before) else []


def view(now: Help) -> HelpView:
    standing = now.proposal
    if standing is None:
        return HelpView(on=now.state is HelpState.ON)
    return HelpView(on=True, form=standing.form, proposal_id=standing.proposal_id, value=standing.value)
