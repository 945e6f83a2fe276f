import rules

from blocs.enums import MEMBER_UNIT_ROLES, Role
from blocs.rules import (
    heads_bloc,
    in_its_unit,
    is_board_staff,
    keeps_authority,
    leads_bloc,
    sees_province,
    year_is_open,
)
from reports.enums import DocumentKind
from reports.models import SENT_STATES


@rules.predicate
def was_sent(user, report):
    return report.state in SENT_STATES


@rules.predicate
def sees_bloc(user, paper):
    return user.has_perm("blocs.view_bloc_year", paper.bloc_year)


@rules.predicate
def is_of_report(user, rendering):
    return rendering.unit_report_id is not None


@rules.predicate
def is_of_conference(user, rendering):
    return rendering.conference_id is not None


@rules.predicate
def is_of_bloc(user, rendering):
    return rendering.bloc_year_id is not None


@rules.predicate
def sees_its_report(user, rendering):
    """A draft is the unit's own; what was finished is read by who reads the report."""
    report = rendering.unit_report
    own = user.has_perm("reports.write_unit_report", report)
    return own or (not rendering.is_draft and user.has_perm("reports.view_unit_report", report))


@rules.predicate
def writes_its_report(user, rendering):
    return user.has_perm("reports.write_unit_report", rendering.unit_report)


@rules.predicate
def sees_its_conference(user, rendering):
    return user.has_perm("blocs.view_conference", rendering.conference)


@rules.predicate
def is_finished_report_of_the_province(user, rendering):
    return rendering.kind == DocumentKind.PROVINCE_REPORT and not rendering.is_draft


@rules.predicate
def is_finished(user, report):
    return not report.is_draft


writes_for_unit = in_its_unit(*MEMBER_UNIT_ROLES)

rules.add_perm("reports.view_unit_report", writes_for_unit | (was_sent & (sees_province | leads_bloc)))
rules.add_perm("reports.write_unit_report", writes_for_unit)
rules.add_perm("reports.send_unit_report", in_its_unit(Role.UNIT_LEADER))
rules.add_perm("reports.review_unit_report", is_board_staff)
rules.add_perm("reports.view_summary_report", sees_bloc)
rules.add_perm("reports.write_summary_report", leads_bloc)
rules.add_perm("reports.send_summary_report", heads_bloc)
rules.add_perm("reports.review_summary_report", is_board_staff)
rules.add_perm("reports.edit_report_form", is_board_staff)
rules.add_perm("reports.render_all", is_board_staff)
sees_paper_of_year = is_board_staff | (is_finished_report_of_the_province & sees_province)
rules.add_perm(
    "reports.view_rendering",
    (is_of_report & sees_its_report)
    | (is_of_conference & sees_its_conference)
    | (~is_of_report & ~is_of_conference & ((is_of_bloc & sees_bloc) | (~is_of_bloc & sees_paper_of_year))),
)
rules.add_perm(
    "reports.issue_paper",
    (is_of_report & writes_its_report)
    | (~is_of_report & is_of_bloc & (leads_bloc | is_board_staff))
    | (~is_of_report & ~is_of_bloc & is_board_staff),
)
rules.add_perm(
    "reports.view_province_report",
    (year_is_open | keeps_authority) & (is_board_staff | (is_finished & sees_province)),
)
rules.add_perm("reports.write_province_report", is_board_staff)
rules.add_perm("reports.send_messages", is_board_staff)
