"""The two reports that are assembled, as their pages know them; an address names the desk of its report."""

from dataclasses import dataclass

from reports.domain.assembly.kinds import PROVINCE, SUMMARY, Kind

ADDRESSES = (
    "assembly_start", "assembly_answer", "assembly_source", "version_list", "version_keep", "version_detail",
    "version_restore",
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """The addresses and words of one of the two reports; templates know it as ``desk``."""

    kind: Kind
    page: str
    prefix: str
    begin: str
    explained: str
    own: str  # whose words a paragraph without sources is
    keep_own: str
    shows_drafts: bool  # whether drafts are read beyond who writes them

    @property
    def at(self):
        """The names of the addresses at this desk: ``{% url desk.at.version_list report.pk %}``."""
        return {name: self.prefix + name for name in ADDRESSES}

    def rows(self, user):
        return self.kind.report.objects.visible_to(user).for_page()

    def versions(self, user, report):
        """The versions that a user reads: of drafts that were nobody else's only who writes the report.

        Shape:   (User, report) -> queryset
        """
        rows = report.versions.select_related("by")
        if self.shows_drafts or user.has_perm(self.kind.perm, report):
            return rows
        return rows.filter(kept__isnull=False)

    def may_write(self, user, report):
        return report.is_draft and user.has_perm(self.kind.perm, report)


DESKS = {
    "summary": Desk(
        SUMMARY,
        page="summary_report",
        prefix="",
        begin="Lập dự thảo từ báo cáo của các đơn vị",
        explained="Một lần bấm: tổng số liệu, trích lời các đơn vị, nêu đơn vị chưa gửi.",
        own="Khối tự viết",
        keep_own="Giữ lại, là lời của khối",
        shows_drafts=True,
    ),
    "province": Desk(
        PROVINCE,
        page="province_report",
        prefix="province_",
        begin="Lập dự thảo từ báo cáo của các cụm, khối",
        explained="Một lần bấm: tình hình gửi báo cáo, tổng số liệu, trích báo cáo các cụm, khối, nêu nơi chưa gửi.",
        own="Ban tự viết",
        keep_own="Giữ lại, là lời của Ban",
        shows_drafts=False,
    ),
}
