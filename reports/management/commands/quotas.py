from awards.domain.quotas import limits
from reports.management.base import ContractCommand, find_bloc_year


class Command(ContractCommand):
    help = "Chỉ tiêu khen thưởng của một cụm, khối trong năm, với cách tính và căn cứ."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("bloc")
        parser.add_argument("label")

    def answer(self, *, bloc, label, **options):
        found = limits(find_bloc_year(bloc, label), openly=True).values()
        return [{"award": row.award, "max": row.max, "how": _how(row), "source": row.source or None} for row in found]

    def lines(self, answer):
        if not answer:
            return ["Cụm, khối này không có chỉ tiêu khen thưởng."]
        return [f"{row['award']}: tối đa {row['max']} ({row['how']}). {row['source'] or ''}".rstrip() for row in answer]


def _how(limit):
    shared = f"; một số chung cho {', '.join(limit.awards)}" if len(limit.awards) > 1 else ""
    return limit.how + shared
