import pytest

from blocs.domain.files import FileRefused
from blocs.models import Authority
from reports.domain.yearfile.load import import_year

FILE = """
format: emulation-year/1
year: 2026
authority: {code: u, name: U}
units: [{code: a, name: A}]
blocs:
  - {code: k, name: K, kind: khoi, members: [a, b], covenant: {targets: [{code: T1}], results: [{target: T2, value: 1}]}}
movements: [{code: p, name: P, owner: z, indicators: [{code: I1}], results: [{unit: a, indicator: I2, value: 1}]}]
"""


@pytest.mark.django_db
def test_faults_of_all_parts_are_named_at_once():
    with pytest.raises(FileRefused) as refusal:
        import_year(FILE.encode())

    assert [fault.path for fault in refusal.value.faults] == [
        "blocs[0].members[1]",
        "blocs[0].covenant.results[0].target",
        "movements[0].owner",
        "movements[0].results[0].indicator",
    ]
    assert Authority.objects.count() == 0
