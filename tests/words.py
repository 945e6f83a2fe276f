"""What a page may not show: English of packages, names and codes of our own, values as Python or a database writes them."""

import re
from functools import cache

from django.apps import apps

from tests.screens import Page

OURS = ("blocs", "movements", "awards", "reports")

ENGLISH = """
about above access account action actions active add added admin after all and any anonymous app application are
authenticate authentication back before below body bytes cancel change changed check choice choices choose clear
click close code column columns confirm content continue copy correct create created current data date default
delete deleted denied details disabled does download draft duplicate each edit email empty enabled enter error
errors exception exists export expired failed false field fields file files filter first following forbidden form
format found from group groups have help hidden history home import incorrect index integer internal invalid item
items keyword label last length less line list loading login logout lorem match maximum member message messages
method minimum missing model month must name never next none not null number object objects ok one only open
optional or order other page pages part password permission please position previous print queryset queue queued
range read ready recent remove report reports required reset result results return role row rows running save saved
search section see seat select selected server show sign signed size some start state status string submit submitted
success text than that the their these this time title today token total true try type undefined unit units unknown
unless until update upload used user username users valid value values version view warning was when which will with
without word wrong year yes yesterday you your
"""
# Words of English or of our code that are Vietnamese, too, or that Vietnamese papers use.
VIETNAMESE = {"co", "em", "in", "khoi", "mail", "on", "sang", "so", "than", "then", "to", "web"}
# What Vietnamese offices call a thing by its English name.
ALLOWED = re.compile(
    r"\b[\w-]+(?:\.[\w-]+)*\.(?:xlsx|pdf|docx|yaml|png|jpg|vn|com|org|zip)\b"  # names of files, addresses
    r"|\bWord\b|SHA-256: \w+"
    r"|\S+ không phải là một trong các lựa chọn",  # what the reader himself sent
)
WORD = re.compile(r"\b[a-z]+(?:-[a-z0-9]+)*\b", re.IGNORECASE)
LONG = re.compile(r"\S{200,}")  # no word; the patterns are slow on it
SHAPES = {
    "a tag of a template": r"\{[{%#]|[%#]\}\}?",
    "an escaped tag or sign": r"</?[a-z]\w*[ />]|&(?:amp|lt|gt|quot|nbsp|#\d+);",
    "a value of Python": r"<[A-Z]\w+[ :]|\b(?:datetime|Decimal|UUID)\b|\bobject at\b|\bobject \(|__\w+__|\[\]|\{\}|\{'|\['",
    "a day of a database": r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b",
    "a decimal point": r"(?<![\d./])\d+\.(?:\d{1,2}|\d{4,})(?![\d./])",
    "a name of the code": r"\b[a-z]+(?:_[a-z]+)+\b|\b[a-z]{2,}\.[a-z_]{2,}\b",
}
FOREIGN = {what: re.compile(pattern) for what, pattern in SHAPES.items()}


@cache
def forbidden():
    """English words, and what our tables call their columns and write for their choices."""
    columns = [
        field for app in OURS for model in apps.get_app_config(app).get_models() for field in model._meta.get_fields()
    ]
    names = {field.name for field in columns}
    codes = {str(code) for field in columns for code, _ in getattr(field, "flatchoices", ())}
    own = {word for word in names | codes if re.fullmatch(r"[a-z]{3,}|[a-z]+-[a-z-]+", word)}
    return ({*ENGLISH.split()} | own) - VIETNAMESE


def leftovers(html):
    """What a reader of the page, or who hears it, should not meet.

    Shape:   str -> [str], each with what stands around it
    """
    page, found = Page(html), set()
    for shown in {page.text, *page.spoken}:
        text = ALLOWED.sub("…", LONG.sub("…", shown))
        words = (match for match in WORD.finditer(text) if match[0].lower() in forbidden())
        found |= {f"{match[0]}: {around(text, match)}" for match in words}
        for what, pattern in FOREIGN.items():
            found |= {f"{what}: {around(text, match)}" for match in pattern.finditer(text)}
    return sorted(found)


def around(text, match):
    return text[max(0, match.start() - 40) : match.end() + 40]
