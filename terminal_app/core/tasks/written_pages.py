"""The page of each question about a written обращение, and the words of what was answered. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from signaling_server.contract.cases import (
    TEXT_LENGTH_MAX,
    AnswerWay,
    CaseKind,
    ComplaintSubject,
    Topic,
    VisitTime,
    is_site_visit,
)
from terminal_app.core.tasks.phone_code import PHONE_LENGTH_MAX
from terminal_app.core.tasks.task import Context
from terminal_app.core.tasks.written_draft import Draft, Stage, named, ways_of
from terminal_app.ipc.pages import NOTHING, Choice, Entry, EntryKind, Page, PageKind, Part, Phrase

EMAIL_LENGTH_MAX, NAME_LENGTH_MAX, ADDRESS_LENGTH_MAX = 100, 120, 200
ADDRESS_LENGTH_MIN = 10  # the office takes no shorter one
ACCOUNT_LENGTH_MAX = 20
STATUS = "case_status"
HAND = Choice("hand", Phrase("written.hand"))
SKIP = Choice("skip", Phrase("written.skip"))
OF_VISIT = (Stage.PLACE, Stage.TIME, Stage.NOTE)
OF_CONTRACT = (Stage.PLACE, Stage.PHONE, Stage.EMAIL, Stage.NAME, Stage.PAPERS)
MENDABLE = (
    Stage.KIND,
    Stage.TOPIC,
    *OF_VISIT,
    Stage.TEXT,
    Stage.WAY,
    Stage.PHONE,
    Stage.EMAIL,
    Stage.NAME,
    Stage.ACCOUNT,
    Stage.PAPERS,
)

_ENTRIES = {
    Stage.TEXT: Entry(EntryKind.LONG_TEXT, length_max=TEXT_LENGTH_MAX),
    Stage.PLACE: Entry(EntryKind.LONG_TEXT, length_max=ADDRESS_LENGTH_MAX, length_min=ADDRESS_LENGTH_MIN),
    Stage.NOTE: Entry(EntryKind.LONG_TEXT, length_max=ADDRESS_LENGTH_MAX),
    Stage.PHONE: Entry(EntryKind.PHONE, length_max=PHONE_LENGTH_MAX),
    Stage.EMAIL: Entry(EntryKind.EMAIL, length_max=EMAIL_LENGTH_MAX),
    Stage.ADDRESS: Entry(EntryKind.LONG_TEXT, length_max=ADDRESS_LENGTH_MAX, length_min=ADDRESS_LENGTH_MIN),
    Stage.NAME: Entry(EntryKind.NAME, length_max=NAME_LENGTH_MAX),
    Stage.ACCOUNT: Entry(EntryKind.DIGITS, length_max=ACCOUNT_LENGTH_MAX),
}


def page_of(stage: Stage, draft: Draft, context: Context, error: Phrase = NOTHING) -> Page:
    """The question of a stage; that of CHECK is a task of its own."""
    match stage:
        case Stage.KIND:
            kinds = [Choice(kind.value) for kind in CaseKind]
            return Page("written", PageKind.LIST, choices=kinds if draft.written else [*kinds, Choice(STATUS)])
        case Stage.SUBJECT:
            return Page("written.subject", PageKind.LIST, choices=[Choice(subject.value) for subject in SUBJECTS])
        case Stage.GROUP:
            return _listed("written.group", NOTHING, groups_of(context.facts.topics))
        case Stage.TOPIC:
            titles = [topic.title for topic in topics_of(draft, context)]
            return _listed("written.topic", Phrase(text=draft.group), titles)
        case Stage.TIME:
            return Page("written.time", PageKind.LIST, choices=[Choice(time.value) for time in VisitTime])
        case Stage.WAY:
            return Page("written.way", PageKind.LIST, choices=[Choice(way.value) for way in ways_of(draft, context)])
        case Stage.CONSENT:
            return Page("written.consent", PageKind.TEXT, back=False)  # the office is being asked for its text
        case Stage.PAPERS:
            return _papers(draft)
        case Stage.LARGE:
            return Page("written.large", PageKind.SUMMARY, choices=[Choice("send"), Choice("less")])
        case _:
            return _entry(stage, draft, error)


SUBJECTS = (ComplaintSubject.SERVICE, ComplaintSubject.CONTRACT, ComplaintSubject.RIGHTS)


def groups_of(topics: Sequence[Topic]) -> list[str]:
    """A visit is a service of its own: it has more to ask."""
    return list(dict.fromkeys(topic.group_title for topic in topics if not is_site_visit(topic.topic_id)))


def topics_of(draft: Draft, context: Context) -> list[Topic]:
    return [topic for topic in context.facts.topics if topic.group_title == draft.group]


def kind_words(draft: Draft) -> Phrase:
    assert draft.kind is not None
    if draft.site_visit or draft.new_client:
        return Phrase("written.site_visit" if draft.site_visit else "written.new_client")
    return Phrase("written.appeal" if draft.appeal_of else f"written.{draft.kind.value}", _appealed(draft))


def parts_of(draft: Draft) -> list[Part]:
    """Everything that is sent, to be read before it is."""
    assert draft.topic is not None
    assert draft.way is not None
    parts = [
        _part("kind", kind_words(draft)),
        _part("topic", Phrase(text=draft.topic.title)),
        *_text(draft),
        _part("way", Phrase(f"written.way.{draft.way.value}")),
    ]
    if not draft.personal:
        return parts
    left = {
        "phone": phone_words(draft.phone) if draft.phone else "",
        "email": draft.email,
        "address": draft.address,
        "name": draft.name,
        "account": draft.account,
    }
    parts += [_part(name, Phrase(text=value)) for name, value in left.items() if value]
    return parts + ([_part("papers", _count(draft))] if draft.papers else [])


def phone_words(phone: str) -> str:
    """+79210000067 as people read it."""
    return f"{phone[:2]} {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:]}"


def _appealed(draft: Draft) -> dict[str, str]:
    return {"number": draft.appeal_of} if draft.appeal_of else {}


def _part(name: str, words: Phrase) -> Part:
    return Part(heading=Phrase(f"written.is.{name}"), text=words)


def _text(draft: Draft) -> list[Part]:
    if draft.new_client:
        return [_part("supply", Phrase(text=draft.place))]
    if draft.site_visit:
        assert draft.time is not None
        time = _part("time", Phrase(f"written.time.{draft.time.value}"))
        note = [_part("note", Phrase(text=draft.note))] if draft.note else []
        return [_part("place", Phrase(text=draft.place)), time, *note]
    if not draft.sheets:
        return [_part("text", Phrase(text=draft.text))]
    sheets = [Part(picture=sheet.preview) for sheet in draft.sheets]
    return [_part("text", Phrase("written.by_hand")), *sheets]


def _count(draft: Draft) -> Phrase:
    return Phrase("written.papers.count", {"count": str(len(draft.papers))})


def _listed(name: str, title: Phrase, titles: Sequence[str]) -> Page:
    choices = [Choice(f"topic_{n}", Phrase(text=words)) for n, words in enumerate(titles)]
    return Page(name, PageKind.LIST, title, choices=choices)


def _entry(stage: Stage, draft: Draft, error: Phrase) -> Page:
    entry = _ENTRIES[stage]
    title = NOTHING
    if stage is Stage.TEXT:
        assert draft.kind is not None
        title = Phrase(f"written.text.of_{draft.kind.value}")
    if draft.new_client and stage in OF_CONTRACT:
        title = Phrase(f"new_client.{stage.value}")
    copy = stage is Stage.EMAIL and draft.way is not AnswerWay.EMAIL  # of a contract's papers
    may_skip = stage in (Stage.ACCOUNT, Stage.NOTE) or (stage is Stage.NAME and not named(draft)) or copy
    if error != NOTHING:
        entry = Entry(entry.kind, length_max=entry.length_max, length_min=entry.length_min, error=error)
    return Page(
        f"written.{stage.value}", PageKind.ENTRY, title=title, entry=entry, choices=_others(stage, may_skip=may_skip)
    )


def _others(stage: Stage, *, may_skip: bool) -> list[Choice]:
    return [HAND] if stage is Stage.TEXT else [SKIP] if may_skip else []


def _papers(draft: Draft) -> Page:
    if draft.new_client and not draft.papers:
        return Page("new_client.papers", PageKind.LIST, choices=[Choice("photo"), Choice("none")])
    if not draft.papers:
        return Page("written.papers", PageKind.LIST, choices=[Choice("photo"), Choice("none")])
    return Page("written.papers", PageKind.LIST, _count(draft), choices=[Choice("another"), Choice("done")])
