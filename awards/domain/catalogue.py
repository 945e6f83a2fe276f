"""The award catalogue and the law versions: facts in a data file, edited afterwards by administrators."""

from pathlib import Path

import yaml

from awards.models import AwardKind, AwardName, LawVersion

FILE = Path(__file__).resolve().parent.parent / "data" / "award_catalogue.yaml"


def load_missing(*, using="default"):
    """Add the rows of the data file that the database lacks; a row that is there stays as it is."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    laws = LawVersion.objects.using(using)
    known = set(laws.values_list("code", flat=True))
    laws.bulk_create(LawVersion(**item) for item in data["law_versions"] if item["code"] not in known)
    by_code = laws.in_bulk(field_name="code")
    kinds = AwardKind.objects.using(using)
    known = set(kinds.values_list("code", flat=True))
    names = []
    for position, item in enumerate(data["awards"]):
        if item["code"] in known:
            continue
        columns = {name: value for name, value in item.items() if name != "names"}
        kind = kinds.create(position=position, **columns)
        names += [
            AwardName(
                kind=kind, law_version=by_code[name["law_version"]], name=name["name"], confirmed=name["confirmed"]
            )
            for name in item.get("names", [])
        ]
    AwardName.objects.using(using).bulk_create(names)


def kinds_by_code(codes):
    """The kinds of these codes; an unknown one is added without a name, to be completed by an administrator.

    Shape:   [code] -> ({code: AwardKind}, [codes that were added])
    """
    known = AwardKind.objects.filter(code__in=codes).in_bulk(field_name="code")
    added = [code for code in codes if code not in known]
    for code in added:
        known[code] = AwardKind.objects.create(
            code=code, name=code, source="Nêu trong tệp năm, chưa có tên", confirmed=False
        )
    return known, added
