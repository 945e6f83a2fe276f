"""The box that makes, watches and opens one paper, on whichever page it stands."""

from dataclasses import dataclass

from django.urls import reverse

from reports.domain.papers import subjects
from reports.enums import WORD_PAPERS, DocumentKind
from reports.models import Rendering


@dataclass(frozen=True)
class PaperBox:
    """What ``reports/_rendering.html`` shows as ``paper``."""

    kind: DocumentKind
    place: str
    rendering: Rendering | None

    @property
    def id(self):
        return f"paper-{self.kind}-{self.place}"

    @property
    def title(self):
        return self.kind.label

    @property
    def word(self):
        """The address of the same paper as a Word file, where there is one."""
        return reverse("paper_word", args=[self.kind, self.place]) if self.kind in WORD_PAPERS else ""

    @property
    def ask(self):
        return reverse("rendering_request", args=[self.kind, self.place])


def box(user, kind, thing):
    """The box of one paper with its latest rendering; one query.

    Shape:   (User, DocumentKind, row that such papers are about) -> PaperBox
    """
    return boxes(user, [kind], thing)[0]


def boxes(user, kinds, thing):
    """The boxes of several papers of one thing; one query.

    Shape:   (User, [DocumentKind], row) -> [PaperBox] in the order of ``kinds``
    """
    place = subjects.place_of(thing)
    rows = Rendering.objects.visible_to(user).filter(place=place, kind__in=kinds).order_by("requested_at", "pk")
    latest = {row.kind: row for row in rows}
    return [PaperBox(DocumentKind(kind), place, latest.get(kind)) for kind in kinds]


def box_of(rendering):
    return PaperBox(DocumentKind(rendering.kind), rendering.place, rendering)
