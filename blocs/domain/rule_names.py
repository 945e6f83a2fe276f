"""Rule sets by name: ``ID`` or ``ID@VERSION``. All versions of one name belong to one authority."""

from blocs.domain.files import Fault, FileRefused
from blocs.errors import RuleBroken
from blocs.models import RuleSet


def check_one_authority(row):
    """Nobody takes a name over by bringing a higher version of it.

    Shape:   RuleSet, not yet saved -> None
    Raises:  FileRefused
    """
    other = RuleSet.objects.filter(code=row.code).exclude(pk=row.pk).exclude(authority_code=row.authority_code).first()
    if other:
        whose = f"của “{other.authority_code}”" if other.authority_code else "chung cho mọi cơ quan"
        raise FileRefused([Fault("authority", f"mã “{row.code}” đã dùng cho bộ quy tắc {whose}; hãy dùng mã khác")])


def find(name):
    """The published version that ``ID`` or ``ID@VERSION`` names; without a version the highest.

    Shape:   str -> RuleSet
    Raises:  RuleBroken
    """
    row = _named(name).published().order_by("-version").first()
    if row is None:
        raise RuleBroken(f"bộ quy tắc “{name}” chưa công bố")
    return row


def latest(name):
    """As ``find``, drafts included.

    Raises:  RuleBroken
    """
    return _named(name).order_by("-version").first()


def _named(name):
    sets = RuleSet.objects.filter(code=name)  # a code may hold an @ itself
    code, _, version = name.rpartition("@")
    if not sets.exists() and version.isdecimal():
        sets = RuleSet.objects.filter(code=code, version=int(version))
    if not sets.exists():
        raise RuleBroken(f"không có bộ quy tắc “{name}”")
    return sets
