"""Which bloc stands at which step, and the accounts with which one can take the next."""

from blocs.domain import obligations
from blocs.enums import Role
from blocs.models import Seat
from reports.domain.sample import covenants, endings, filed, meetings
from reports.domain.sample.place import bloc_of, person, texts, unit_of

MORE_ACCOUNTS = {  # name -> (role, bloc, unit): whom the steps wait for
    "khoitruong2": (Role.BLOC_HEAD, "noi-chinh", "toa-an-nhan-dan"),
    "lanhdao2": (Role.UNIT_LEADER, "cum-xa-phuong-2", "xa-son-dong"),
    "lanhdao3": (Role.UNIT_LEADER, "mttq-ctxh", "lien-doan-lao-dong"),
}
POSTS = {Role.BLOC_HEAD: "Khối trưởng", Role.UNIT_LEADER: "Lãnh đạo đơn vị"}
PROVINCE_YEAR = "2025"


def build():
    """Take the steps; to be called once the year files, the accounts and the obligations are there.

    Raises:  DomainError where a text of ``reports/sample`` breaks a rule
    """
    _add_accounts()
    filed.file_reports()
    steps = texts("cac-buoc")
    with obligations.renewed_once():
        covenants.draft(steps["draft"])
        covenants.sign(steps["signing"])
        covenants.amend(steps["amendment"])
        for one in steps["meetings"]:
            meetings.hold(one)
        meetings.plan(steps["planned"])
        endings.notify(steps["notices"])
        endings.present(steps["presented"])
        endings.summarise(steps["summary"])
        endings.hand_over(steps["handover"])
    endings.report_province(PROVINCE_YEAR)


def _add_accounts():
    for name, (role, bloc, code) in MORE_ACCOUNTS.items():
        bloc_year = bloc_of(bloc)
        unit = unit_of(bloc_year.year, code)
        user = person(name, f"{POSTS[role]} - {unit.short}", can_sign_in=True)
        where = {"bloc_year": bloc_year} if role == Role.BLOC_HEAD else {"unit": unit.unit}
        Seat.objects.create(user=user, role=role, **where)
