"""What a paper is about: a bloc's year, a year, a unit's report, a meeting; and how a ``Rendering`` says so."""

from typing import Any

from blocs.models import BlocYear, Conference, Year
from reports.enums import CONFERENCE_PAPERS, UNIT_PAPERS, YEAR_PAPERS, DocumentKind
from reports.models import UnitReport

WORDS = {BlocYear: "khoi", Year: "nam", UnitReport: "bao-cao", Conference: "hoi-nghi"}
MODELS: dict[str, Any] = {word: model for model, word in WORDS.items()}


def model_of(kind):
    """Shape: DocumentKind -> the model whose rows such papers are about"""
    if kind in YEAR_PAPERS:
        return Year
    if kind in UNIT_PAPERS:
        return UnitReport
    return Conference if kind in CONFERENCE_PAPERS else BlocYear


def place_of(thing):
    """Shape: a row of ``WORDS`` -> str such as ``khoi-12``"""
    return f"{WORDS[type(thing)]}-{thing.pk}"


def columns(kind, thing):
    """The columns by which a ``Rendering`` names its subject.

    Shape:   (DocumentKind, row) -> {column: value}
    Raises:  TypeError where such a paper is of something else
    """
    if not isinstance(thing, model_of(kind)):
        raise TypeError(f"{kind} is not a paper of {thing!r}")
    found = {"place": place_of(thing)}
    if isinstance(thing, BlocYear):
        return found | {"bloc_year": thing}
    if isinstance(thing, Year):
        return found | {"year": thing}
    if isinstance(thing, UnitReport):
        return found | {"bloc_year": thing.bloc_year, "unit_report": thing}
    of_bloc = {"bloc_year": thing.bloc_year} if thing.bloc_year_id else {"year": thing.year}
    return found | of_bloc | {"conference": thing}


def of_rendering(rendering):
    """Shape: Rendering -> the row that its paper is about"""
    return rendering.unit_report or rendering.conference or rendering.bloc_year or rendering.year


def find(kind, place, *, user):
    """The thing that a paper of this kind is asked for, among what the user may see.

    Shape:   (str, ``khoi-12``, User) -> row or None
    """
    word, _, number = place.rpartition("-")
    model = MODELS.get(word)
    if model is None or kind not in DocumentKind.values or model is not model_of(kind):
        return None
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    return model.objects.visible_to(user).filter(pk=number).first()


ASKED_BY = {
    DocumentKind.DIVISION_DECISION: "blocs.open_year",
    DocumentKind.PROVINCE_REPORT: "reports.write_province_report",
}
ASKED_BY_MODEL = {
    BlocYear: "blocs.view_bloc_year",
    UnitReport: "reports.view_unit_report",
    Conference: "blocs.view_conference",
}


def permission(kind):
    """Shape: DocumentKind -> the permission, on the thing, of who may ask for the paper"""
    return ASKED_BY.get(kind) or ASKED_BY_MODEL[model_of(kind)]
